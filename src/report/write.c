/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens what a report is written to, and sees that all of it arrives. */
#include "report/write.h"
#include "report/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int write_report(const struct book *b, const struct asked *a)
{
	output_json(stdout, b, a);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EX_OK;
	fprintf(stderr, "picosocks5-report: can't write to standard output: %s\n", strerror(errno));
	return EX_IOERR;
}

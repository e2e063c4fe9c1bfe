/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as tables for a terminal. */
#include "report/output.h"

void output_terminal(FILE *out, const struct book *b, const struct asked *a,
		     const struct output_terminal *t)
{
	(void)t;
	output_csv(out, b, a);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the command line of picosocks5-report. Opens nothing. */
#include "report/asked.h"

int asked_read(struct asked *a, int argc, char **argv, int64_t now_us)
{
	(void)now_us;
	*a = (struct asked){ .output = OUTPUT_JSON, .files = argv + 1, .n_files = argc - 1 };
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the lines of a file. */
#include "report/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

int input_file(struct book *b, const struct asked *a, const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int err = 0;

	if (!f)
		return EX_NOINPUT;
	while (!err && (n = getline(&line, &cap, f)) > 0)
		err = input_line(b, a, line, (size_t)n - (line[n - 1] == '\n'),
				 (int64_t)time(NULL) * 1000000);
	free(line);
	fclose(f);
	return err ? EX_OSERR : EX_OK;
}

int input_journal(struct book *b, const struct asked *a)
{
	(void)b;
	(void)a;
	return EX_NOINPUT;
}

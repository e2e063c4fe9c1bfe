/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses between the journal and files. Opens nothing, and reads no line. */
#include "report/input.h"

#include <sysexits.h>

int input_read(struct book *b, const struct asked *a)
{
	struct progress progress;
	int i, status = EX_OK;

	progress_init(&progress);
	if (!a->n_files)
		status = input_journal(b, a, &progress);
	for (i = 0; i < a->n_files && !status; i++)
		status = input_file(b, a, a->files[i], &progress);
	progress_erase(&progress);
	return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses between the journal and files, and counts lines. */
#include "report/input.h"
#include "report/prefix.h"

#include <errno.h>
#include <sysexits.h>
#include <time.h>

/* Returns true if the session ended in the time that is asked for. */
static bool is_asked(const struct asked *a, const struct prefix *p)
{
	if (!p->has_time)
		return true;
	return (!a->has_since || p->time_us >= a->since_us) &&
	       (!a->has_until || p->time_us < a->until_us);
}

int input_line(struct book *b, const struct asked *a, const char *line, size_t n, int64_t now_us)
{
	struct prefix prefix;
	struct entry e;

	if (!prefix_read(line, n, now_us, &prefix) || !is_asked(a, &prefix))
		return 0;
	switch (entry_read(line + prefix.len, n - prefix.len, &e)) {
	case ENTRY_SESSION:
		e.has_time = prefix.has_time;
		e.time_us = prefix.time_us;
		return book_add(b, &e);
	case ENTRY_BROKEN:
		b->skipped++;
		return 0;
	case ENTRY_OTHER:
		break;
	}
	return 0;
}

int input_read(struct book *b, const struct asked *a)
{
	int i, status = EX_OK;

	if (!a->n_files)
		return input_journal(b, a);
	for (i = 0; i < a->n_files && !status; i++)
		status = input_file(b, a, a->files[i]);
	return status;
}

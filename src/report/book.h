/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All tables of a report, and what they add up to. Sessions go in one by one; memory is bounded. */
#ifndef REPORT_BOOK_H
#define REPORT_BOOK_H

#include "report/entry.h"
#include "report/tally.h"

/* The tables. A session without the word that is a table's key counts as "-". */
enum book_table {
	BOOK_USER,
	BOOK_CLIENT,
	BOOK_DEST,
	BOOK_RULE,
	BOOK_END,
	BOOK_HOUR,   /* the hour in which the session ended, "2026-11-28T14:00+01:00" */
	BOOK_TABLES, /* those above are the words of --by and the arrays of JSON */
	BOOK_FAILURE =
		BOOK_TABLES, /* of failed sessions: END, a space, and the error or "rule RULE" */
	BOOK_USER_END,	     /* USER, a space, END: for Prometheus */
	BOOK_ALL,
};

struct book {
	struct tally table[BOOK_ALL];
	struct usage total;
	uint64_t skipped;	   /* lines that look like a session's and can't be read */
	int64_t first_us, last_us; /* of the sessions that have a time; first > last: none has */
};

/* The names of the tables, as in --by and in JSON. Index: enum book_table below BOOK_TABLES. */
extern const char *const book_names[BOOK_TABLES];

void book_init(struct book *b);

/* Counts a session. Returns 0 or -ENOMEM. */
int book_add(struct book *b, const struct entry *e);

/* Sorts all tables. No book_add() may follow. */
void book_close(struct book *b);

void book_free(struct book *b);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the lines of a table: the rows to be shown, and one of all others. */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

#include "report/output.h"

/* A line of a table. */
struct line {
	const char *key; /* not NUL-terminated; lasts until the next line is taken */
	size_t len;
	struct usage usage;
	bool others;
	char hour[32]; /* the key of an hour stands here */
};

struct rows {
	const struct tally *t;
	const char *title;
	size_t begin, end; /* the rows that are shown */
	bool hours;
	size_t cut;   /* the bytes of an hour that are left out */
	size_t group; /* the bytes that the keys of a line have in common; 0: a line is a row */
	/* The rest is the walk's own. */
	size_t at;
	bool done;
};

/* Walks over the first `top` rows. */
struct rows rows_of(const struct tally *t, const char *title, size_t top);

/*
 * Walks over hours; over days if there are more than 48, over months if there are more than 62
 * days. top: 0, or the first lines that are shown.
 */
struct rows rows_of_hours(const struct tally *t, size_t top);

/* Takes the next line. Returns false, and begins anew, after the last. */
bool rows_next(struct rows *r, struct line *ret);

#endif

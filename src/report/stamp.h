/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time in front of a line, in the forms that prefix.h lists. */
#ifndef REPORT_STAMP_H
#define REPORT_STAMP_H

#include "report/civil.h"
#include "report/cursor.h"

struct stamp {
	enum { STAMP_UNIX, STAMP_OFFSET, STAMP_LOCAL, STAMP_NO_YEAR } kind;
	int64_t unix_s;	    /* STAMP_UNIX */
	int64_t offset_s;   /* STAMP_OFFSET: of the zone, east of UTC */
	int64_t us;	    /* the fraction of the second */
	struct civil civil; /* the other kinds; STAMP_NO_YEAR: the local zone, without a year */
};

/* Takes a time and one blank behind it. Returns false if there is none. */
bool stamp_take(struct cursor *c, struct stamp *ret);

/*
 * Computes the Unix time. Of a year that was left out, the latest is meant that lies not after
 * tomorrow, a day after now_us. Returns false if there is no such time.
 */
bool stamp_time(const struct stamp *s, int64_t now_us, int64_t *ret_us);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line at the terminal that says how far the work is, once it takes longer than a second. */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool on;	 /* standard error is a terminal */
	int64_t next_ms; /* when the line is to be written again */
	size_t width;	 /* of the line that is there; 0: none */
};

void progress_init(struct progress *p);

/*
 * Says how much of name has been done: done of total in percent, or done and unit if the total is
 * 0. Writes nothing if it is too early for that.
 */
void progress_show(struct progress *p, const char *name, int64_t done, int64_t total,
		   const char *unit);

/* Erases the line. It must not be there when anything else is written. */
void progress_erase(struct progress *p);

#endif

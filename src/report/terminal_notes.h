/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences around the tables. */
#ifndef REPORT_TERMINAL_NOTES_H
#define REPORT_TERMINAL_NOTES_H

#include "report/screen.h"

/* Writes what the sessions add up to, and their time. */
void terminal_put_totals(const struct screen *s, const struct book *b, const struct asked *a);

/* Says where no session was found, and what to do. */
void terminal_put_nothing(const struct screen *s, const struct asked *a);

/* Says what the tables lack: lines that can't be read, rows that were folded, sessions without a
 * time. */
void terminal_put_lacks(const struct screen *s, const struct book *b, const struct asked *a);

#endif

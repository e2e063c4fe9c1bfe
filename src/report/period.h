/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times in reports: which time a report is about, and how a time is written. */
#ifndef REPORT_PERIOD_H
#define REPORT_PERIOD_H

#include "report/asked.h"

enum { PERIOD_MAX = 48 };

/*
 * The time that a report begins with, and the one that it ends before: what was asked for, or else
 * the first and the last session's time. Return false if neither is known.
 */
bool period_since(const struct book *b, const struct asked *a, int64_t *ret_us);
bool period_until(const struct book *b, const struct asked *a, int64_t *ret_us);

/* Writes a time in the local zone, as ISO 8601: "2026-11-28T14:00:00+01:00". */
void period_iso(char buf[PERIOD_MAX], int64_t us);

/* Writes a time in the local zone, for people: "2026-11-28 14:00". */
void period_plain(char buf[PERIOD_MAX], int64_t us);

#endif

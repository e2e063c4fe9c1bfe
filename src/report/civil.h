/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as a calendar and a clock on the wall show them, and as Unix time. */
#ifndef REPORT_CIVIL_H
#define REPORT_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct civil {
	int64_t year, month, day; /* the month and the day from 1 on */
	int64_t hour, minute, second;
	int isdst; /* as in struct tm; for the local zone */
};

/* Returns true if the calendar has this day (from 1970 to 9999), and the clock this time. */
bool civil_is_valid(const struct civil *c);

/* Return the Unix time, in seconds, of a civil time in UTC, and in the local zone; the day may also
 * be the one before or after the month. A time that the zone skips in spring is moved on by an
 * hour; of a time that it has twice in autumn it is the second one, unless isdst tells which. */
int64_t civil_utc(const struct civil *c);
int64_t civil_local(const struct civil *c);

/* Returns the civil time of a Unix time, in seconds, in UTC or in the local zone. */
struct civil civil_of(int64_t t, bool utc);

/* Returns the whole seconds of a time in microseconds, rounded down. */
int64_t civil_seconds(int64_t us);

/* Finds what the local zone shows at a time in microseconds. Returns false for an absurd time. */
bool civil_tm(int64_t us, struct tm *ret);

/*
 * Writes a time in the form of ISO 8601: "2026-11-28T14:00:00+01:00", or of its hour, without the
 * seconds: "2026-11-28T14:00+01:00". Returns the length, or 0 if buf is too small; there is a NUL
 * behind it in both cases.
 */
size_t civil_iso(char *buf, size_t cap, const struct tm *tm, bool hour);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the times that loggers write in front of a line. No byte of the line is trusted. */
#include "report/stamp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 24 * 60 * 60 };

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const days[] = { "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun " };

static bool hex(struct cursor *c, int digits, uint64_t *ret)
{
	const char *all = "0123456789abcdef", *found;

	*ret = 0;
	for (; digits > 0; digits--) {
		if (c->p == c->end || !*c->p || !(found = strchr(all, *c->p)))
			return false;
		*ret = *ret << 4 | (uint64_t)(found - all);
		c->p++;
	}
	return true;
}

/* TAI64N, "@4000000069297b5a0a37ba34": 2^62 and the seconds, then nanoseconds. */
static bool take_tai(struct cursor *c, struct stamp *s)
{
	const uint64_t epoch = (UINT64_C(1) << 62) + 10;
	uint64_t sec, ns;

	if (!cursor_char(c, '@') || !hex(c, 16, &sec) || !hex(c, 8, &ns))
		return false;
	if (sec < epoch || sec - epoch > INT64_C(253402300799) || ns > 999999999)
		return false;
	*s = (struct stamp){ .kind = STAMP_UNIX,
			     .unix_s = (int64_t)(sec - epoch),
			     .us = (int64_t)ns / 1000 };
	return true;
}

/* "1764338400.123456" */
static bool take_unix(struct cursor *c, struct stamp *s)
{
	int digits;

	*s = (struct stamp){ .kind = STAMP_UNIX };
	return cursor_uint(c, 9, 11, &s->unix_s) && cursor_char(c, '.') &&
	       cursor_fraction(c, &s->us, &digits);
}

/* "14:00:01", and a fraction; digits: how many it has. */
static bool take_clock(struct cursor *c, struct stamp *s, int *digits)
{
	struct civil *t = &s->civil;

	*digits = 0;
	return cursor_uint(c, 2, 2, &t->hour) && cursor_char(c, ':') &&
	       cursor_uint(c, 2, 2, &t->minute) && cursor_char(c, ':') &&
	       cursor_uint(c, 2, 2, &t->second) &&
	       (!cursor_char(c, '.') || cursor_fraction(c, &s->us, digits));
}

/* "Nov 28 14:00:01", and a year if there was a weekday. */
static bool take_syslog(struct cursor *c, struct stamp *s, bool weekday)
{
	int digits;

	*s = (struct stamp){ .kind = STAMP_NO_YEAR, .civil.isdst = -1 };
	s->civil.month = cursor_one_of(c, months, 12) + 1;
	if (!s->civil.month || !cursor_char(c, ' '))
		return false;
	if (cursor_char(c, ' ') ? !cursor_uint(c, 1, 1, &s->civil.day) :
				  !cursor_uint(c, 2, 2, &s->civil.day))
		return false;
	if (!cursor_char(c, ' ') || !take_clock(c, s, &digits))
		return false;
	if (!weekday)
		return true;
	s->kind = STAMP_LOCAL;
	return cursor_char(c, ' ') && cursor_uint(c, 4, 4, &s->civil.year);
}

/* Sets the zone by its short name. A name that this machine does not know counts as local. */
static bool take_zone_name(struct cursor *c, struct stamp *s)
{
	const char *blank = memchr(c->p, ' ', (size_t)(c->end - c->p));
	size_t n = blank ? (size_t)(blank - c->p) : 0;
	int i;

	if (n < 3 || n > 6)
		return false;
	if (cursor_str(c, "UTC ") || cursor_str(c, "GMT ") || cursor_zone(c, &s->offset_s)) {
		s->kind = STAMP_OFFSET;
	} else {
		for (i = 0; i < 2; i++)
			if (strlen(tzname[i]) == n && memcmp(tzname[i], c->p, n) == 0)
				s->civil.isdst = i;
	}
	c->p = blank;
	return true;
}

/* "2026-11-28T14:00:01.123456+01:00", and the forms without a zone. */
static bool take_iso(struct cursor *c, struct stamp *s, bool weekday)
{
	bool t, underscore;
	int digits;

	*s = (struct stamp){ .kind = STAMP_LOCAL, .civil.isdst = -1 };
	if (!cursor_uint(c, 4, 4, &s->civil.year) || !cursor_char(c, '-') ||
	    !cursor_uint(c, 2, 2, &s->civil.month) || !cursor_char(c, '-') ||
	    !cursor_uint(c, 2, 2, &s->civil.day))
		return false;
	t = cursor_char(c, 'T');
	underscore = !t && cursor_char(c, '_');
	if (!t && !underscore && !cursor_char(c, ' '))
		return false;
	if (!take_clock(c, s, &digits))
		return false;
	if (weekday)
		return cursor_char(c, ' ') && take_zone_name(c, s);
	/* svlogd writes UTC, and five digits; nobody else does. */
	if (cursor_zone(c, &s->offset_s) || underscore || (t && digits == 5))
		s->kind = STAMP_OFFSET;
	return true;
}

static bool take(struct cursor *c, struct stamp *s)
{
	bool weekday = cursor_one_of(c, days, 7) >= 0;

	if (c->p == c->end)
		return false;
	if (*c->p == '@' && !weekday)
		return take_tai(c, s);
	if (*c->p < '0' || *c->p > '9')
		return take_syslog(c, s, weekday);
	if (c->end - c->p > 4 && c->p[4] == '-')
		return take_iso(c, s, weekday);
	return !weekday && take_unix(c, s);
}

bool stamp_take(struct cursor *c, struct stamp *ret)
{
	struct cursor at = *c;

	if (!take(&at, ret) || !cursor_char(&at, ' '))
		return false;
	*c = at;
	return true;
}

/* Finds the year. 29 February may be as much as eight years ago. */
static bool find_year(const struct stamp *s, int64_t now_us, int64_t *ret_s)
{
	int64_t now = civil_seconds(now_us), year = civil_of(now, false).year + 1;
	struct civil c = s->civil;
	int i;

	for (i = 0; i < 10; i++) {
		c.year = year - i;
		if (!civil_is_valid(&c))
			continue;
		*ret_s = civil_local(&c);
		if (*ret_s <= now + DAY_S)
			return true;
	}
	return false;
}

bool stamp_time(const struct stamp *s, int64_t now_us, int64_t *ret_us)
{
	int64_t t;

	if (s->kind == STAMP_UNIX)
		t = s->unix_s;
	else if (s->kind == STAMP_NO_YEAR) {
		if (!find_year(s, now_us, &t))
			return false;
	} else if (!civil_is_valid(&s->civil))
		return false;
	else
		t = s->kind == STAMP_LOCAL ? civil_local(&s->civil) :
					     civil_utc(&s->civil) - s->offset_s;
	*ret_us = t * 1000000 + s->us;
	return true;
}

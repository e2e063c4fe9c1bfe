/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads times as systemd.time(7) describes them. Asks for no time but the one that it gets. */
#include "report/when.h"
#include "report/civil.h"
#include "report/cursor.h"

#include <errno.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))
#define SECOND	     INT64_C(1000000)
#define DAY	     (24 * 60 * 60 * SECOND)

/* The last second of the year 9999. */
#define LAST (INT64_C(253402300799) * SECOND)

/* Of two units with the same beginning, the longer one stands first. */
static const char *const unit_names[] = {
	"seconds", "second", "sec", "s",     "minutes", "minute", "min",  "months", "month", "msec",
	"ms",	   "m",	     "M",   "hours", "hour",	"hr",	  "h",	  "days",   "day",   "d",
	"weeks",   "week",   "w",   "years", "year",	"y",	  "usec", "us",
};
static const int64_t units[] = {
	SECOND,
	SECOND,
	SECOND,
	SECOND,
	60 * SECOND,
	60 * SECOND,
	60 * SECOND,
	2629800 * SECOND,
	2629800 * SECOND,
	1000,
	1000,
	60 * SECOND,
	2629800 * SECOND,
	3600 * SECOND,
	3600 * SECOND,
	3600 * SECOND,
	3600 * SECOND,
	DAY,
	DAY,
	DAY,
	7 * DAY,
	7 * DAY,
	7 * DAY,
	31557600 * SECOND,
	31557600 * SECOND,
	31557600 * SECOND,
	1,
	1,
};

int64_t when_today(int64_t now_us)
{
	struct civil c = civil_of(civil_seconds(now_us), false);

	c.hour = c.minute = c.second = 0;
	return civil_local(&c) * SECOND;
}

static void skip_blanks(struct cursor *c)
{
	while (cursor_char(c, ' '))
		;
}

/* Takes "2h", or "1.5" seconds, and adds it to the sum. */
static bool take_part(struct cursor *c, int64_t *sum_us)
{
	int64_t n = 0, fraction = 0, unit = SECOND;
	bool whole = cursor_uint(c, 1, 15, &n);
	int i, digits = 0;

	if (cursor_char(c, '.') ? !cursor_fraction(c, &fraction, &digits) : !whole)
		return false;
	skip_blanks(c);
	i = cursor_one_of(c, unit_names, COUNT(unit_names));
	if (i >= 0)
		unit = units[i];
	if (n > LAST / unit)
		return false;
	*sum_us += n * unit + (int64_t)((double)fraction * (double)unit / 1e6);
	return *sum_us <= LAST;
}

/* "2h 30min" */
static bool read_span(struct cursor c, int64_t *ret_us)
{
	*ret_us = 0;
	skip_blanks(&c);
	do {
		if (!take_part(&c, ret_us))
			return false;
		skip_blanks(&c);
	} while (c.p < c.end);
	return true;
}

/* Removes the word, and the blank in front of it, from the end of the text. */
static bool cut_end(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(c->end - c->p) <= n || memcmp(c->end - n, word, n) != 0)
		return false;
	c->end -= n;
	return true;
}

/* "-2h", "+5min", "2h ago", "@1764338400" */
static bool read_relative(struct cursor c, int64_t now_us, int64_t *ret_us)
{
	int64_t span;

	if (cursor_char(&c, '@'))
		return read_span(c, ret_us);
	if (cursor_char(&c, '-') || cut_end(&c, " ago")) {
		if (!read_span(c, &span))
			return false;
		span = -span;
	} else if (!(cursor_char(&c, '+') || cut_end(&c, " left")) || !read_span(c, &span)) {
		return false;
	}
	*ret_us = now_us + span;
	return true;
}

static bool take_date(struct cursor *c, struct civil *t)
{
	struct cursor at = *c;
	struct civil date = *t;

	if (cursor_uint(&at, 2, 2, &date.year))
		date.year += date.year < 69 ? 2000 : 1900;
	else if (!cursor_uint(&at, 4, 4, &date.year))
		return false;
	if (!cursor_char(&at, '-') || !cursor_uint(&at, 1, 2, &date.month) ||
	    !cursor_char(&at, '-') || !cursor_uint(&at, 1, 2, &date.day))
		return false;
	*c = at;
	*t = date;
	return true;
}

/* "14:00", "14:00:01", "14:00:01.5" */
static bool take_clock(struct cursor *c, struct civil *t, int64_t *us)
{
	int digits;

	if (!cursor_uint(c, 1, 2, &t->hour) || !cursor_char(c, ':') ||
	    !cursor_uint(c, 1, 2, &t->minute))
		return false;
	if (!cursor_char(c, ':'))
		return true;
	return cursor_uint(c, 1, 2, &t->second) && t->second < 60 &&
	       (!cursor_char(c, '.') || cursor_fraction(c, us, &digits));
}

/* A date, a time of day, or both; today, yesterday, tomorrow. */
static bool read_calendar(struct cursor c, int64_t now_us, int64_t *ret_us)
{
	static const char *const days[] = { "yesterday", "today", "tomorrow" };
	bool utc = cut_end(&c, " UTC"), has_zone = false;
	struct civil t = civil_of(civil_seconds(now_us), utc);
	int64_t us = 0, zone = 0;
	int day;

	t.hour = t.minute = t.second = 0;
	day = cursor_one_of(&c, days, COUNT(days));
	if (day >= 0) {
		/* mktime() and its like accept day 0, and the day after a month's last one. */
		t.day += day - 1;
	} else {
		if (!take_date(&c, &t)) {
			if (!take_clock(&c, &t, &us))
				return false;
		} else if (cursor_char(&c, ' ') || cursor_char(&c, 'T')) {
			if (!take_clock(&c, &t, &us))
				return false;
			has_zone = !utc && cursor_zone(&c, &zone);
		}
		if (!civil_is_valid(&t))
			return false;
	}
	if (c.p != c.end)
		return false;
	*ret_us = (utc || has_zone ? civil_utc(&t) - zone : civil_local(&t)) * SECOND + us;
	return true;
}

int when_read(const char *text, int64_t now_us, int64_t *ret_us)
{
	const struct cursor c = { text, text + strlen(text) };
	int64_t t;

	if (strcmp(text, "now") == 0)
		t = now_us;
	else if (!read_relative(c, now_us, &t) && !read_calendar(c, now_us, &t))
		return -EINVAL;
	if (t < 0 || t > LAST)
		return -EINVAL;
	*ret_us = t;
	return 0;
}

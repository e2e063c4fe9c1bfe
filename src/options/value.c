/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of options: flags, numbers and times, from text into struct options and back. No I/O. */
#include "options/value.h"
#include "options/remedy.h"
#include "base/hint.h"

#include <string.h>
#include <sysexits.h>

/* The longest time that is accepted: a deadline plus such a time is far from overflow. */
#define TIME_MAX_MS (INT64_C(36500) * 86400 * 1000)

static const struct {
	char suffix[3];
	int64_t ms;
} time_unit[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "ms", 1 }, { "m", 60000 }, { "s", 1000 },
};

enum { N_TIME_UNITS = sizeof(time_unit) / sizeof(time_unit[0]) };

bool option_expected(const struct setting *s, const char *expected)
{
	const char *bytes = hint_bytes(s->value, strlen(s->value));

	text_str(s->why, "found ");
	text_quoted(s->why, s->value);
	text_strs(s->why, ", expected ", expected, bytes ? "; " : NULL, bytes, NULL);
	return false;
}

bool option_remedy(const struct setting *s, const char *expected,
		   void (*remedy)(struct text *t, const char *value))
{
	option_expected(s, expected);
	remedy(s->why, s->value);
	return false;
}

bool option_no_memory(const struct setting *s)
{
	text_str(s->why, "out of memory");
	*s->status = EX_OSERR;
	return false;
}

/* Reads the digits at *p and moves *p behind them. Returns false for no digits, or if over max. */
static bool read_number(const char **p, uint64_t max, uint64_t *ret)
{
	const char *start = *p;
	uint64_t v = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		uint64_t digit = (uint64_t)(**p - '0');

		if (v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return *p > start;
}

const struct option_type type_config = { .kind = KIND_FILE, .adds = true };

static bool set_flag(const struct setting *s, const struct option_row *row)
{
	*FIELD(s, row, bool) = true;
	return true;
}

static void show_flag(const struct options *o, const struct option_row *row, struct text *t)
{
	if (*CFIELD(o, row, bool))
		text_str(t, row->name);
}

const struct option_type type_flag = { .set = set_flag, .show = show_flag };

/* Returns the unit at *p in milliseconds and moves *p behind it; 0 if there is none. */
static int64_t read_unit(const char **p)
{
	/* "ms" stands before "m" in the table, or it would never be found. */
	for (size_t i = 0; i < N_TIME_UNITS; i++) {
		size_t len = strlen(time_unit[i].suffix);

		if (strncmp(*p, time_unit[i].suffix, len) == 0) {
			*p += len;
			return time_unit[i].ms;
		}
	}
	return 0;
}

static bool read_time(const char *p, int64_t *ret)
{
	int64_t sum = 0;

	for (bool first = true; first || *p; first = false) {
		int64_t unit;
		uint64_t v;

		if (!read_number(&p, TIME_MAX_MS, &v))
			return false;
		unit = read_unit(&p);
		if (!unit && first && !*p)
			unit = 1000;
		if (!unit || (int64_t)v > TIME_MAX_MS / unit)
			return false;
		sum += (int64_t)v * unit;
		if (sum > TIME_MAX_MS)
			return false;
	}
	*ret = sum;
	return true;
}

static bool set_time(const struct setting *s, const struct option_row *row)
{
	if (read_time(s->value, FIELD(s, row, int64_t)))
		return true;
	return option_remedy(s, "a time like 30s, 2h4m or 500ms, at most 36500d, or 0 for no limit",
			     remedy_time);
}

static void show_time(const struct options *o, const struct option_row *row, struct text *t)
{
	remedy_format_time(t, *CFIELD(o, row, int64_t));
}

const struct option_type type_time = { .set = set_time, .show = show_time };

static bool set_rate(const struct setting *s, const struct option_row *row)
{
	if (route_rate(s->value, strlen(s->value), FIELD(s, row, uint64_t)))
		return true;
	return option_remedy(s, ROUTE_RATE, remedy_rate);
}

static void show_rate(const struct options *o, const struct option_row *row, struct text *t)
{
	uint64_t v = *CFIELD(o, row, uint64_t);

	if (v)
		text_uint(t, v);
}

const struct option_type type_rate = { .set = set_rate, .show = show_rate };

static bool set_mark(const struct setting *s, const struct option_row *row)
{
	struct route *own = &s->o->own;

	(void)row;
	if (!route_mark(s->value, strlen(s->value), &own->mark))
		return option_expected(s, ROUTE_MARK);
	own->has_mark = true;
	return true;
}

static void show_mark(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (o->own.has_mark)
		text_uint(t, o->own.mark);
}

const struct option_type type_mark = { .set = set_mark, .show = show_mark };

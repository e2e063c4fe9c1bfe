/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over tables, and joins hours to days or months on the way. Allocates nothing. */
#include "report/rows.h"

#include <string.h>

/* How many bytes of "2026-11-28T14:00+01:00" are the month, the day, the hour of the clock. */
enum { MONTH = 7, DAY = 10, DAY_AND_T = 11, CLOCK = 16, YEAR_AND_DASH = 5 };
enum { HOURS_MAX = 48, DAYS_MAX = 62, MONTHS_MAX = 60 };

struct rows rows_of(const struct tally *t, const char *title, size_t top)
{
	return (struct rows){ .t = t, .title = title, .end = top < t->n ? top : t->n };
}

/* Returns true if both rows have the same first n bytes. A year may have more than four digits. */
static bool is_same(const struct tally *t, size_t a, size_t b, size_t n)
{
	const struct tally_row *x = &t->rows[a], *y = &t->rows[b];

	if (x->len < n || y->len < n)
		return false;
	return memcmp(tally_key(t, x), tally_key(t, y), n) == 0;
}

/* Returns the lines if so many bytes make one. */
static size_t count(const struct tally *t, size_t group)
{
	size_t i, n = 0;

	for (i = 0; i < t->n; i++)
		n += i == 0 || !is_same(t, i - 1, i, group);
	return n;
}

/* Returns the row behind the first n lines. */
static size_t behind(const struct tally *t, size_t group, size_t n)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if ((i == 0 || !is_same(t, i - 1, i, group)) && n-- == 0)
			break;
	return i;
}

struct rows rows_of_hours(const struct tally *t, size_t top)
{
	struct rows r = { .t = t, .title = "HOUR", .end = t->n, .hours = true };
	size_t months;

	if (t->n > HOURS_MAX && count(t, DAY) > DAYS_MAX) {
		r.title = "MONTH";
		r.group = MONTH;
		months = count(t, MONTH);
		if (!top && months > MONTHS_MAX)
			r.begin = behind(t, MONTH, months - MONTHS_MAX);
	} else if (t->n > HOURS_MAX) {
		r.title = "DAY";
		r.group = DAY;
	} else if (count(t, DAY) == 1) {
		r.cut = DAY_AND_T;
	} else if (t->n && is_same(t, 0, t->n - 1, YEAR_AND_DASH)) {
		r.cut = YEAR_AND_DASH;
	}
	if (top)
		r.end = r.group ? behind(t, r.group, top) : top < t->n ? top : t->n;
	r.at = r.begin;
	return r;
}

/* Writes the hour of a key for people: "2026-11-28 14:00", or only what lines differ in. */
static void name_hour(const struct rows *r, const char *key, struct line *ret)
{
	memcpy(ret->hour, key, CLOCK);
	ret->hour[DAY] = ' ';
	ret->key = ret->hour + r->cut;
	ret->len = CLOCK - r->cut;
}

/* Fills in the part of a key that is shown. */
static void name(const struct rows *r, const struct tally_row *row, struct line *ret)
{
	const char *key = tally_key(r->t, row);

	*ret = (struct line){ .key = key, .len = row->len };
	if (r->group && row->len > r->group)
		ret->len = r->group;
	/* A year of more than four digits moves the T: that key is shown as it is. */
	else if (r->hours && row->len > CLOCK && key[DAY] == 'T')
		name_hour(r, key, ret);
}

static bool next_others(struct rows *r, struct line *ret)
{
	*ret = (struct line){ .key = OUTPUT_OTHERS, .len = strlen(OUTPUT_OTHERS), .others = true };
	ret->usage = tally_rest(r->t, r->end);
	for (size_t i = 0; i < r->begin; i++)
		usage_add(&ret->usage, &r->t->rows[i].usage);
	return ret->usage.sessions != 0;
}

bool rows_next(struct rows *r, struct line *ret)
{
	size_t first = r->at;

	if (first == r->end && !r->done) {
		r->done = true;
		if (next_others(r, ret))
			return true;
	}
	if (first == r->end) {
		r->done = false;
		r->at = r->begin;
		return false;
	}
	name(r, &r->t->rows[first], ret);
	do
		usage_add(&ret->usage, &r->t->rows[r->at++].usage);
	while (r->group && r->at < r->end && is_same(r->t, first, r->at, r->group));
	return true;
}

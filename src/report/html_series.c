/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes bars of equal time from the table of hours. Writes nothing. */
#include "report/civil.h"
#include "report/html.h"

#include <string.h>

/* The most bars that a unit has before the next unit is taken. */
static const int64_t bars_max[SERIES_UNITS] = {
	[SERIES_HOUR] = 72,
	[SERIES_DAY] = 366,
	[SERIES_MONTH] = HTML_BARS,
	[SERIES_YEAR] = HTML_BARS,
};

/* The number of an hour in each unit, as struct series counts them. */
struct place {
	int64_t at[SERIES_UNITS];
	int phase;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* From a time of day in the local zone that is offset seconds ahead of UTC. */
static struct place place_of(struct tm tm, int64_t offset)
{
	int64_t wall, seconds;

	tm.tm_min = tm.tm_sec = 0;
	wall = (int64_t)timegm(&tm);
	seconds = wall - offset;
	return (struct place){
		.at = { [SERIES_HOUR] = floor_div(seconds, 3600),
			[SERIES_DAY] = floor_div(wall, 86400),
			[SERIES_MONTH] = ((int64_t)tm.tm_year + 1900) * 12 + tm.tm_mon,
			[SERIES_YEAR] = (int64_t)tm.tm_year + 1900 },
		.phase = (int)(seconds - floor_div(seconds, 3600) * 3600),
	};
}

static bool place_of_time(int64_t us, struct place *ret)
{
	struct tm tm;

	if (!civil_tm(us, &tm))
		return false;
	*ret = place_of(tm, tm.tm_gmtoff);
	return true;
}

static bool place_of_row(const struct tally_row *row, struct place *ret)
{
	return place_of_time(row->at * 1000000, ret);
}

/* Finds the places of the first and the last hour. Returns false if there is none. */
static bool find_ends(const struct tally *t, struct place *first, struct place *last)
{
	struct place p;
	bool found = false;
	size_t i, unit;

	for (i = 0; i < t->n; i++) {
		if (!place_of_row(&t->rows[i], &p))
			continue;
		if (!found)
			*first = *last = p;
		for (unit = 0; unit < SERIES_UNITS; unit++) {
			if (p.at[unit] < first->at[unit])
				first->at[unit] = p.at[unit];
			if (p.at[unit] > last->at[unit])
				last->at[unit] = p.at[unit];
		}
		found = true;
	}
	return found;
}

static void choose_bars(struct series *s, const struct place *first, const struct place *last,
			const struct asked *a)
{
	struct place p;
	int64_t begin, end;

	s->unit = SERIES_HOUR;
	while (s->unit < SERIES_YEAR && last->at[s->unit] - first->at[s->unit] >= bars_max[s->unit])
		s->unit++;
	begin = first->at[s->unit];
	end = last->at[s->unit] + 1;
	if (a->has_since && place_of_time(a->since_us, &p) && p.at[s->unit] < begin &&
	    end - p.at[s->unit] <= bars_max[s->unit])
		begin = p.at[s->unit];
	if (a->has_until && place_of_time(a->until_us - 1, &p) && p.at[s->unit] >= end &&
	    p.at[s->unit] + 1 - begin <= bars_max[s->unit])
		end = p.at[s->unit] + 1;
	if (end - begin > HTML_BARS)
		begin = end - HTML_BARS;
	s->first = begin;
	s->n = (size_t)(end - begin);
	s->phase = last->phase;
}

void html_series_read(struct series *s, const struct book *b, const struct asked *a)
{
	const struct tally *t = &b->table[BOOK_HOUR];
	struct place first, last, p;
	uint64_t drawn = 0;
	size_t i;

	memset(s, 0, sizeof(*s));
	s->undrawn = b->total.sessions;
	if (!find_ends(t, &first, &last))
		return;
	choose_bars(s, &first, &last, a);
	for (i = 0; i < t->n; i++)
		if (place_of_row(&t->rows[i], &p) && p.at[s->unit] >= s->first) {
			usage_add(&s->bar[p.at[s->unit] - s->first], &t->rows[i].usage);
			drawn += t->rows[i].usage.sessions;
		}
	s->undrawn -= drawn;
	for (i = 0; i < s->n; i++) {
		if (s->bar[i].sessions > s->bar[s->most_sessions].sessions)
			s->most_sessions = i;
		if (usage_bytes(&s->bar[i]) > usage_bytes(&s->bar[s->most_bytes]))
			s->most_bytes = i;
	}
}

struct tm html_series_time(const struct series *s, size_t i)
{
	int64_t at = s->first + (int64_t)i;
	time_t t = (time_t)(s->unit == SERIES_HOUR ? at * 3600 + s->phase : at * 86400);
	struct tm tm = { .tm_mday = 1 };

	if (s->unit == SERIES_HOUR)
		localtime_r(&t, &tm);
	else if (s->unit == SERIES_DAY)
		gmtime_r(&t, &tm);
	else
		tm.tm_year = (int)(s->unit == SERIES_MONTH ? floor_div(at, 12) : at) - 1900;
	if (s->unit == SERIES_MONTH)
		tm.tm_mon = (int)(at - floor_div(at, 12) * 12);
	return tm;
}

static size_t put_name(char buf[HTML_MOMENT], enum series_unit unit, const struct tm *tm)
{
	switch (unit) {
	case SERIES_HOUR:
		return strftime(buf, HTML_MOMENT, "%a %e %b %Y, %H:%M", tm);
	case SERIES_DAY:
		return strftime(buf, HTML_MOMENT, "%a %e %b %Y", tm);
	case SERIES_MONTH:
		return strftime(buf, HTML_MOMENT, "%B %Y", tm);
	default:
		return strftime(buf, HTML_MOMENT, "%Y", tm);
	}
}

const char *html_series_name(char buf[HTML_MOMENT], const struct series *s, size_t i)
{
	struct tm tm = html_series_time(s, i);

	buf[put_name(buf, s->unit, &tm)] = 0;
	return html_text_squeeze(buf);
}

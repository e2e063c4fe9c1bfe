/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes times. Reads none. */
#include "report/period.h"
#include "report/civil.h"

static bool has_times(const struct book *b)
{
	return b->first_us <= b->last_us;
}

bool period_since(const struct book *b, const struct asked *a, int64_t *ret_us)
{
	*ret_us = a->has_since ? a->since_us : b->first_us;
	return a->has_since || has_times(b);
}

bool period_until(const struct book *b, const struct asked *a, int64_t *ret_us)
{
	*ret_us = a->has_until ? a->until_us : b->last_us;
	return a->has_until || has_times(b);
}

void period_iso(char buf[PERIOD_MAX], int64_t us)
{
	struct tm tm;

	buf[0] = '\0';
	if (civil_tm(us, &tm))
		civil_iso(buf, PERIOD_MAX, &tm, false);
}

void period_plain(char buf[PERIOD_MAX], int64_t us)
{
	struct tm tm;
	size_t n = 0;

	if (civil_tm(us, &tm))
		n = strftime(buf, PERIOD_MAX, "%Y-%m-%d %H:%M", &tm);
	buf[n] = '\0';
}

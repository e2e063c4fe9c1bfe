/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes times. Reads none. */
#include "report/period.h"

#include <string.h>
#include <time.h>

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

static bool local(int64_t us, struct tm *ret)
{
	time_t t = (time_t)(us / 1000000 - (us % 1000000 < 0));

	return localtime_r(&t, ret) != NULL;
}

void period_iso(char buf[PERIOD_MAX], int64_t us)
{
	struct tm tm;
	size_t n = 0;

	if (local(us, &tm))
		n = strftime(buf, PERIOD_MAX - 1, "%Y-%m-%dT%H:%M:%S%z", &tm);
	buf[n] = '\0';
	/* strftime() writes the zone as +0100, ISO 8601 as +01:00. */
	if (n < 5)
		return;
	memmove(buf + n - 1, buf + n - 2, 3);
	buf[n - 2] = ':';
}

void period_plain(char buf[PERIOD_MAX], int64_t us)
{
	struct tm tm;
	size_t n = 0;

	if (local(us, &tm))
		n = strftime(buf, PERIOD_MAX, "%Y-%m-%d %H:%M", &tm);
	buf[n] = '\0';
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says in words which time the page is about. Whole days are named without hours. */
#include "report/html.h"

#include <string.h>

static bool local(int64_t us, struct tm *ret)
{
	time_t t = (time_t)(us / 1000000 - (us % 1000000 < 0));

	return localtime_r(&t, ret);
}

static bool is_midnight(int64_t us)
{
	struct tm tm;

	return local(us, &tm) && !tm.tm_hour && !tm.tm_min && !tm.tm_sec && us % 1000000 == 0;
}

static void put_weekday(FILE *out, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	if (local(us, &tm))
		html_text_put(out, text, strftime(text, sizeof(text), "%A ", &tm));
}

static void put_date(FILE *out, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	if (!local(us, &tm))
		return;
	text[strftime(text, sizeof(text), "%e %B %Y", &tm)] = 0;
	html_text_squeeze(text);
	html_text_put(out, text, strlen(text));
}

static void put_moment(FILE *out, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	put_date(out, us);
	if (local(us, &tm))
		html_text_put(out, text, strftime(text, sizeof(text), ", %H:%M", &tm));
}

static void put_days(FILE *out, int64_t first_us, int64_t last_us)
{
	struct tm first, last;

	if (local(first_us, &first) && local(last_us, &last) && first.tm_year == last.tm_year &&
	    first.tm_yday == last.tm_yday) {
		put_weekday(out, first_us);
	} else {
		put_date(out, first_us);
		fputs(" to ", out);
	}
	put_date(out, last_us);
}

void html_period_put(FILE *out, const struct book *b, const struct asked *a)
{
	bool has_times = b->first_us <= b->last_us;

	if (a->has_since && a->has_until && a->since_us < a->until_us && is_midnight(a->since_us) &&
	    is_midnight(a->until_us)) {
		put_days(out, a->since_us, a->until_us - 1);
		return;
	}
	if (!a->has_since && !a->has_until && !has_times) {
		fputs("all of the log", out);
		return;
	}
	if (a->has_since || has_times)
		put_moment(out, a->has_since ? a->since_us : b->first_us);
	if (a->has_until || has_times) {
		fputs(a->has_since || has_times ? " to " : "until ", out);
		put_moment(out, a->has_until ? a->until_us : b->last_us);
	} else {
		fputs(" and later", out);
	}
}

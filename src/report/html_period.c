/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says in words which time the page is about. Whole days are named without hours. */
#include "report/civil.h"
#include "report/html.h"
#include "report/period.h"

#include <string.h>

static bool is_midnight(int64_t us)
{
	struct tm tm;

	return civil_tm(us, &tm) && !tm.tm_hour && !tm.tm_min && !tm.tm_sec && us % 1000000 == 0;
}

static void put_weekday(FILE *out, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	if (civil_tm(us, &tm))
		html_text_put(out, text, strftime(text, sizeof(text), "%A ", &tm));
}

static void put_date(FILE *out, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	if (!civil_tm(us, &tm))
		return;
	text[strftime(text, sizeof(text), "%e %B %Y", &tm)] = 0;
	html_text_squeeze(text);
	html_text_put(out, text, strlen(text));
}

static void put_clock(FILE *out, const char *before, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	fputs(before, out);
	if (civil_tm(us, &tm))
		html_text_put(out, text, strftime(text, sizeof(text), "%H:%M", &tm));
}

static void put_zone(FILE *out, int64_t us)
{
	char text[HTML_MOMENT];
	struct tm tm;

	if (civil_tm(us, &tm))
		html_text_put(out, text, strftime(text, sizeof(text), " %Z", &tm));
}

static bool is_same_day(int64_t a_us, int64_t b_us)
{
	struct tm a, b;

	return civil_tm(a_us, &a) && civil_tm(b_us, &b) && a.tm_year == b.tm_year &&
	       a.tm_yday == b.tm_yday;
}

/* "Saturday 28 November 2026", "1 to 30 November 2026" or "1 October 2026 to 30 November 2026" */
static void put_days(FILE *out, int64_t first_us, int64_t last_us)
{
	struct tm first, last;

	if (!civil_tm(first_us, &first) || !civil_tm(last_us, &last))
		return;
	if (is_same_day(first_us, last_us)) {
		put_weekday(out, first_us);
	} else if (first.tm_year == last.tm_year && first.tm_mon == last.tm_mon) {
		fprintf(out, "%d to ", first.tm_mday);
	} else {
		put_date(out, first_us);
		fputs(" to ", out);
	}
	put_date(out, last_us);
}

static void put_times(FILE *out, int64_t first_us, int64_t last_us)
{
	if (is_same_day(first_us, last_us))
		put_weekday(out, first_us);
	put_date(out, first_us);
	put_clock(out, ", ", first_us);
	fputs(" to ", out);
	if (!is_same_day(first_us, last_us)) {
		put_date(out, last_us);
		fputs(", ", out);
	}
	put_clock(out, "", last_us);
	put_zone(out, last_us);
}

static void put_one_end(FILE *out, const char *before, int64_t us, const char *behind)
{
	fputs(before, out);
	put_date(out, us);
	put_clock(out, ", ", us);
	put_zone(out, us);
	fputs(behind, out);
}

void html_period_put(FILE *out, const struct book *b, const struct asked *a)
{
	int64_t first_us, last_us;
	bool has_first = period_since(b, a, &first_us), has_last = period_until(b, a, &last_us);

	if (a->has_since && a->has_until && first_us < last_us && is_midnight(first_us) &&
	    is_midnight(last_us))
		put_days(out, first_us, last_us - 1);
	else if (has_first && has_last)
		put_times(out, first_us, last_us);
	else if (has_first)
		put_one_end(out, "From ", first_us, " on");
	else if (has_last)
		put_one_end(out, "Until ", last_us, "");
	else
		fputs("All of the log", out);
}

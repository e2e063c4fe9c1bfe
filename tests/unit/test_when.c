/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times of the command line, in the zone of Berlin: report/when.c. */
#include "report/when.h"

#include <errno.h>
#include <time.h>

#include "tap.h"

#define US INT64_C(1000000)
/* 2026-11-29 12:00:00.5 UTC, which is 13:00:00.5 in Berlin */
#define NOW (INT64_C(1795953600) * US + 500000)
/* The midnight before, in Berlin, and in UTC */
#define TODAY	  (INT64_C(1795906800) * US)
#define TODAY_UTC (INT64_C(1795910400) * US)
#define HOUR	  (3600 * US)

static const struct {
	const char *text;
	int64_t want;
} good[] = {
	{ "now", NOW },
	{ "today", TODAY },
	{ "yesterday", TODAY - 24 * HOUR },
	{ "tomorrow", TODAY + 24 * HOUR },
	{ "today UTC", TODAY_UTC },
	{ "yesterday UTC", TODAY_UTC - 24 * HOUR },
	{ "2026-11-28", TODAY - 24 * HOUR },
	{ "26-11-28", TODAY - 24 * HOUR },
	{ "2026-11-28 UTC", TODAY_UTC - 24 * HOUR },
	{ "2026-11-28 14:00", TODAY - 10 * HOUR },
	{ "2026-11-28 14:00:00", TODAY - 10 * HOUR },
	{ "2026-11-28 14:00:01", TODAY - 10 * HOUR + US },
	{ "2026-11-28 14:00:01.25", TODAY - 10 * HOUR + US + 250000 },
	{ "2026-11-28 14:00 UTC", TODAY_UTC - 10 * HOUR },
	{ "2026-11-28 14:00:00 UTC", TODAY_UTC - 10 * HOUR },
	{ "2026-11-28T14:00:00+01:00", TODAY - 10 * HOUR },
	{ "2026-11-28T14:00:00Z", TODAY_UTC - 10 * HOUR },
	{ "2026-11-28T14:00:00-05:00", TODAY_UTC - 5 * HOUR },
	{ "14:00", TODAY + 14 * HOUR },
	{ "14:00:01", TODAY + 14 * HOUR + US },
	{ "14:00 UTC", TODAY_UTC + 14 * HOUR },
	{ "-2h", NOW - 2 * HOUR },
	{ "- 2h", NOW - 2 * HOUR },
	{ "+5min", NOW + 300 * US },
	{ "2h ago", NOW - 2 * HOUR },
	{ "2h 30min ago", NOW - 150 * 60 * US },
	{ "2h30min ago", NOW - 150 * 60 * US },
	{ "-1.5h", NOW - 90 * 60 * US },
	{ "-.5s", NOW - 500000 },
	{ "-90", NOW - 90 * US },
	{ "-1m", NOW - 60 * US },
	{ "-1min", NOW - 60 * US },
	{ "-2minutes", NOW - 120 * US },
	{ "-1M", NOW - 2629800 * US },
	{ "-1month", NOW - 2629800 * US },
	{ "-2 months", NOW - 2 * 2629800 * US },
	{ "-1ms", NOW - 1000 },
	{ "-1us", NOW - 1 },
	{ "-1d", NOW - 24 * HOUR },
	{ "3 days ago", NOW - 72 * HOUR },
	{ "-1w", NOW - 168 * HOUR },
	{ "-1y", NOW - 31557600 * US },
	{ "1 hour left", NOW + HOUR },
	{ "@0", 0 },
	{ "@1764338400", INT64_C(1764338400) * US },
	{ "@1764338400.25", INT64_C(1764338400) * US + 250000 },
	/* The zone skips an hour, and has one twice. */
	{ "2026-03-29 02:30", INT64_C(1774747800) * US },
	{ "2026-03-29 01:59:59", INT64_C(1774745999) * US },
	{ "2026-03-29 03:00", INT64_C(1774746000) * US },
	{ "2026-03-29 18:00", INT64_C(1774800000) * US },
	{ "2026-10-25 01:59:59", INT64_C(1792886399) * US },
	{ "2026-10-25 02:30", INT64_C(1792891800) * US },
	{ "2026-10-25 03:00", INT64_C(1792893600) * US },
	{ "2026-10-25 18:00", INT64_C(1792947600) * US },
	{ "2024-02-29", INT64_C(1709161200) * US },
};

static const char *const bad[] = {
	"",
	" ",
	"nonsense",
	"Now",
	"now UTC x",
	"todayx",
	"today 14:00",
	"2026",
	"2026-11",
	"2026-13-01",
	"2026-00-01",
	"2026-11-00",
	"2026-11-31",
	"2026-02-29",
	"2026-02-30",
	"1969-12-31",
	"20260-11-28",
	"2026-11-28 ",
	"2026-11-28 24:00",
	"2026-11-28 14:60",
	"2026-11-28 14:00:60",
	"2026-11-28 14",
	"2026-11-28 14:00x",
	"2026-11-28 14:00 CEST",
	"2026-11-28 14:00:00+01:00 UTC",
	"14",
	"24:00",
	"14:00:",
	"-",
	"+",
	"@",
	"@-1",
	"@x",
	"-2x",
	"-h",
	"--2h",
	"-2h 3x",
	"2h",
	"ago",
	" ago",
	"h ago",
	"-2h ago x",
	"-57y",
	"-999999999999999999999s",
	"+999999999999999y",
	"+8000y",
	"@253402300800",
	"@99999999999999999999",
};

int main(void)
{
	int64_t got;
	size_t i;

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		got = -1;
		is_int(when_read(good[i].text, NOW, &got), 0, "\"%s\" is a time", good[i].text);
		is_int(got, good[i].want, "this one");
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		is_int(when_read(bad[i], NOW, &got), -EINVAL, "\"%s\" is none", bad[i]);
	is_int(when_today(NOW), TODAY, "midnight");
	/* The day of Berlin's summer time has 23 hours. */
	is_int(when_today(INT64_C(1774778400) * US), INT64_C(1774738800) * US,
	       "midnight was in winter time");
	return done_testing();
}

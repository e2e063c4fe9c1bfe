/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What loggers write in front of a line, in the zone of Berlin: report/prefix.c. */
#include "report/prefix.h"

#include <stdint.h>
#include <time.h>

#include "tap.h"

#define US INT64_C(1000000)
/* 2026-11-29 12:00:00 UTC */
#define NOW (INT64_C(1795953600) * US)
/* 2026-11-28 13:00:01 UTC, which is 14:00:01 in Berlin */
#define THEN (INT64_C(1795870801) * US)
#define TAG  "picosocks5[12]: "

/* Of picosocks5: what stands in front of "client=", and the time; -1: none. */
static const struct {
	const char *front;
	int64_t time_us;
} good[] = {
	{ "", -1 },
	{ TAG, -1 },
	{ "picosocks5: ", -1 },
	{ "<5>", -1 },
	{ "<29>" TAG, -1 },
	/* RFC 3164 */
	{ "Nov 28 14:00:01 host " TAG, THEN },
	{ "<29>Nov 28 14:00:01 host " TAG, THEN },
	{ "<29>Nov 28 14:00:01 " TAG, THEN },
	{ "Nov 28 14:00:01 host picosocks5: ", THEN },
	{ "Nov 28 14:00:01.25 host.example " TAG, THEN + 250000 },
	{ "Nov 28 14:00:01 2001:db8::1 " TAG, THEN },
	{ "Nov  1 14:00:01 host " TAG, THEN - 27 * 86400 * US },
	{ "Nov 01 14:00:01 host " TAG, THEN - 27 * 86400 * US },
	{ "Nov 28 14:00:01 host daemon.notice " TAG, THEN },
	{ "daemon.notice: Nov 28 14:00:01 " TAG, THEN },
	{ "Sat Nov 28 14:00:01 2026 daemon.notice " TAG, THEN },
	{ "Nov 28 14:00:01 ", THEN },
	/* the latest that lies not after tomorrow */
	{ "Nov 30 12:59:59 host " TAG, NOW + 86399 * US },
	{ "Nov 30 13:00:01 host " TAG, INT64_C(1764504001) * US },
	{ "Dec 31 23:59:59 host " TAG, INT64_C(1767221999) * US },
	{ "Jan  1 00:00:00 host " TAG, INT64_C(1767222000) * US },
	{ "Feb 29 12:00:00 host " TAG, INT64_C(1709204400) * US },
	/* ISO 8601 */
	{ "2026-11-28T14:00:01+01:00 host " TAG, THEN },
	{ "2026-11-28T14:00:01+0100 host " TAG, THEN },
	{ "2026-11-28T14:00:01+01 host " TAG, THEN },
	{ "2026-11-28T08:30:01-04:30 host " TAG, THEN },
	{ "2026-11-28T13:00:01Z host " TAG, THEN },
	{ "2026-11-28T14:00:01.123456+01:00 host " TAG, THEN + 123456 },
	{ "2026-11-28T13:00:01.123456789Z " TAG, THEN + 123456 },
	{ "2026-11-28T13:00:01.123456789Z <5>", THEN + 123456 },
	{ "2026-11-28T13:00:01.1Z stdout F " TAG, THEN + 100000 },
	{ "2026-11-28T13:00:01.1Z stderr F " TAG, THEN + 100000 },
	{ "2026-11-28T14:00:01 host " TAG, THEN },
	{ "2026-11-28 14:00:01.123456789  " TAG, THEN + 123456 },
	{ "2026-11-28 14:00:01.123456789 " TAG, THEN + 123456 },
	{ "2026-11-28_13:00:01.12345 " TAG, THEN + 123450 },
	{ "2026-11-28T13:00:01.12345 " TAG, THEN + 123450 },
	{ "Sat 2026-11-28 14:00:01 CET host " TAG, THEN },
	{ "Sat 2026-11-28 13:00:01 UTC host " TAG, THEN },
	{ "Sat 2026-11-28 16:00:01 +03 host " TAG, THEN },
	{ "Sun 2026-10-25 02:30:00 CEST host " TAG, INT64_C(1792888200) * US },
	{ "Sun 2026-10-25 02:30:00 CET host " TAG, INT64_C(1792891800) * US },
	/* A time that the zone skips is moved on, as mktime(3) does. */
	{ "2026-03-29T02:30:00 host " TAG, INT64_C(1774747800) * US },
	{ "2016-12-31T23:59:60Z host " TAG, INT64_C(1483228800) * US },
	/* numbers */
	{ "1795870801.123456 host " TAG, THEN + 123456 },
	{ "@400000006b0ad05b075bca00 " TAG, THEN + 123456 },
	{ "@400000006b0ad05b075bca00 2026-11-28 14:00:01.5  " TAG, THEN + 500000 },
	/* two times: the second; the first tells its year */
	{ "2026-11-28T13:00:02Z Nov 28 14:00:01 host " TAG, THEN },
	{ "2024-01-02T13:00:02Z Nov 28 14:00:01 host " TAG, INT64_C(1701176401) * US },
	{ "@400000006b0ad05b075bca00 daemon.notice: Nov 28 14:00:01 " TAG, THEN },
	/* RFC 5424 */
	{ "<29>1 2026-11-28T13:00:01.1Z host picosocks5 12 - - ", THEN + 100000 },
	{ "<29>1 - - picosocks5 - - - ", -1 },
	{ "<29>1 2026-11-28T13:00:01Z host picosocks5 12 - -  ", THEN },
	{ "<29>1 2026-11-28T13:00:01Z host picosocks5 12 ID [a@1 b=\"]\\\"\\\\\"][c d=\"e f\"] ",
	  THEN },
	{ "<29>1 2026-11-28T13:00:01Z host picosocks5 12 - [a b=\"\"] \xef\xbb\xbf", THEN },
	/* a time that can't be: the line counts, without it */
	{ "2026-02-30T13:00:01Z host " TAG, -1 },
	{ "2026-11-28T24:00:01Z host " TAG, -1 },
};

/* Of another program, or of none: what stands in front of "client=". */
static const char *const bad[] = {
	"x",
	" ",
	"\t",
	"sshd[1]: ",
	"sshd[1]: Invalid user " TAG,
	"Invalid user " TAG,
	"Nov 28 14:00:01 host sshd[1]: Invalid user " TAG,
	"Nov 28 14:00:01 host sshd[1]: " TAG,
	"Nov 28 14:00:01 host sshd: " TAG,
	"Nov 28 14:00:01 sshd[1]: " TAG,
	"Nov 28 14:00:01 sshd: " TAG,
	"Nov 28 14:00:01 host kernel: " TAG,
	"Nov 28 14:00:01 host CRON " TAG,
	"Nov 28 14:00:01 host ",
	"Nov 28 14:00:01 host other host " TAG,
	"Nov 28 14:00:01 host daemon.notice sshd[1]: " TAG,
	"Nov 28 14:00:01 host daemon.notice x " TAG,
	"Nov 28 14:00:01 host notpicosocks5[12]: ",
	"Nov 28 14:00:01 host picosocks5x[12]: ",
	"Nov 28 14:00:01 host picosocks5-report[12]: ",
	"Nov 28 14:00:01 host picosocks5[12]:",
	"Nov 28 14:00:01 host picosocks5[]: ",
	"Nov 28 14:00:01 host picosocks5[12 : ",
	"Nov 28 14:00:01 host picosocks5[12345678901]: ",
	"Nov 28 14:00:01 host picosocks5[-1]: ",
	"Nov 28 14:00:01 ho\"st " TAG,
	"Nov 28 14:00:01  host  " TAG,
	"2026-11-28T13:00:01Z host sshd[1]: " TAG,
	"2026-11-28T13:00:01Z stdout P " TAG,
	"2026-11-28T13:00:01Z stdout F sshd[1]: " TAG,
	"@400000006b0ad05b075bca00 sshd[1]: " TAG,
	"@400000006b0ad05b075bca0 " TAG,
	"@400000006b0ad05bffffffff " TAG,
	"<29>1 2026-11-28T13:00:01Z host sshd 12 - - ",
	"<29>1 2026-11-28T13:00:01Z host sshd 12 - - " TAG,
	"<29>1 2026-11-28T13:00:01Z host picosocks5 12 - - " TAG,
	"<29>1 2026-11-28T13:00:01Z host sshd picosocks5 12 - - ",
	"<29>1 2026-11-28T13:00:01Z host picosocks5 12 - [a b=\"] ",
	"<29>1 2026-11-28T13:00:01Z host picosocks5 12 - [a b=\"\\\"] ",
	"<1234>",
	"<a>",
	"<5",
};

static bool read_line(const char *front, struct prefix *p, bool whole)
{
	char line[300];
	int n = snprintf(line, sizeof(line), "%sclient=192.0.2.7:40000 end=eof", front);
	/* Memory of this very size lets tools see a byte that is read behind it. */
	size_t len = whole ? (size_t)n : strlen(front);
	char *copy = malloc(len ? len : 1);
	bool is = copy && (memcpy(copy, line, len), prefix_read(copy, len, NOW, p));

	free(copy);
	return is;
}

/* No beginning of a line may be read beyond its end. */
static void cut(const char *front)
{
	size_t i, n = strlen(front);
	char part[300];
	struct prefix p;

	for (i = 0; i < n; i++) {
		memcpy(part, front, i);
		part[i] = '\0';
		if (read_line(part, &p, false) && p.len > i) {
			ok(false, "\"%s\" has %zu bytes of prefix", part, p.len);
			return;
		}
	}
}

int main(void)
{
	struct prefix p;
	size_t i;

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		cut(good[i].front);
		if (!ok(read_line(good[i].front, &p, true), "\"%s\" is picosocks5's",
			good[i].front))
			continue;
		is_int(p.len, strlen(good[i].front), "and has this length");
		is_int(p.has_time ? p.time_us : -1, good[i].time_us, "and this time");
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		cut(bad[i]);
		ok(!read_line(bad[i], &p, true), "\"%s\" is not picosocks5's", bad[i]);
	}
	return done_testing();
}

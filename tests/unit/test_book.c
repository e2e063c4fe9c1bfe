/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session in every table: the key that it gets, hours and their order, and failures. */
#include "report/book.h"

#include <time.h>

#include "tap.h"

static struct word word(const char *s)
{
	return (struct word){ s, s ? strlen(s) : 0 };
}

static struct entry session(const char *user, const char *end, bool failed)
{
	return (struct entry){
		.client = word("192.0.2.7"),
		.user = word(user),
		.end = word(end),
		.usage = { .sessions = 1, .failed = failed, .sent = 2, .received = 3 },
	};
}

/* The rows of a table: KEY SESSIONS FAILED, and ";" behind each. */
static const char *rows(const struct book *b, enum book_table which)
{
	const struct tally *t = &b->table[which];
	static char buf[4096];
	size_t n = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < t->n; i++)
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%.*s %d %d;", (int)t->rows[i].len,
				      tally_key(t, &t->rows[i]), (int)t->rows[i].usage.sessions,
				      (int)t->rows[i].usage.failed);
	return buf;
}

static void keys(void)
{
	struct entry served = session("alice", "eof", false),
		     failed = session(NULL, "denied", true);
	struct book b;

	book_init(&b);
	ok(b.first_us > b.last_us, "no time yet");
	served.dest = word("example.com:443");
	book_add(&b, &served);
	book_add(&b, &served);
	failed.rule = word("/etc/x:7");
	book_add(&b, &failed);
	failed.error = word("special: loopback");
	book_add(&b, &failed);
	failed.error = failed.rule = word("");
	book_add(&b, &failed);
	served.error = word("reset");
	book_add(&b, &served);
	book_close(&b);
	is_str(rows(&b, BOOK_USER), "- 3 3;alice 3 0;", "users");
	is_str(rows(&b, BOOK_CLIENT), "192.0.2.7 6 3;", "clients");
	is_str(rows(&b, BOOK_DEST), "- 3 3;example.com:443 3 0;", "destinations");
	is_str(rows(&b, BOOK_RULE), "- 4 1;/etc/x:7 2 2;", "rules, by sessions");
	is_str(rows(&b, BOOK_END), "denied 3 3;eof 3 0;", "ends");
	is_str(rows(&b, BOOK_USER_END), "- denied 3 3;alice eof 3 0;", "ends of users");
	is_str(rows(&b, BOOK_FAILURE),
	       "denied 1 1;denied rule /etc/x:7 1 1;denied special: loopback 1 1;", "failures");
	is_str(rows(&b, BOOK_HOUR), "", "no hour without a time");
	ok(b.total.sessions == 6 && b.total.failed == 3 && b.total.sent == 12 &&
		   b.total.received == 18,
	   "the total");
	book_free(&b);
}

static void longest(void)
{
	static char w[ENTRY_WORD_MAX];
	struct entry e = session(NULL, "protocol", true);
	struct book b;

	memset(w, 'w', sizeof(w));
	e.user = e.dest = e.rule = e.client = (struct word){ w, sizeof(w) };
	book_init(&b);
	is_int(book_add(&b, &e), 0, "the longest words, refused by a rule");
	e.error = e.rule;
	is_int(book_add(&b, &e), 0, "the longest words, with an error");
	is_int(b.table[BOOK_FAILURE].n, 2, "are two failures");
	book_free(&b);
}

static void at(struct book *b, int64_t us)
{
	struct entry e = session("a", "eof", false);

	e.has_time = true;
	e.time_us = us;
	book_add(b, &e);
}

static void hours_in(const char *zone, int64_t from, int64_t step, int n, const char *want)
{
	struct book b;

	setenv("TZ", zone, 1);
	tzset();
	book_init(&b);
	/* The latest first: the order is not that of the lines. */
	for (int i = n - 1; i >= 0; i--)
		at(&b, (from + i * step) * 1000000);
	book_close(&b);
	is_str(rows(&b, BOOK_HOUR), want, "hours in %s", zone);
	ok(b.first_us == from * 1000000 && b.last_us == (from + (n - 1) * step) * 1000000,
	   "the first and the last time");
	book_free(&b);
}

/* The zones stand here as rules, because a test machine may have no zone files. */
static void hours(void)
{
	struct book b;

	hours_in("UTC0", 0, 1800, 3, "1970-01-01T00:00+00:00 2 0;1970-01-01T01:00+00:00 1 0;");
	/* 2026-10-25 00:30 UTC to 01:59:59: 02:30 summer time to 02:59 winter time. */
	hours_in("CET-1CEST,M3.5.0,M10.5.0/3", 1792888200, 5399, 2,
		 "2026-10-25T02:00+02:00 1 0;2026-10-25T02:00+01:00 1 0;");
	/* 2026-03-29 00:59:59 UTC, and a second later. */
	hours_in("CET-1CEST,M3.5.0,M10.5.0/3", 1774745999, 1, 2,
		 "2026-03-29T01:00+01:00 1 0;2026-03-29T03:00+02:00 1 0;");
	/* The clock goes back by two hours: 01:30 +02, 02:30 +02, 01:30 +00, 02:30 +00. */
	hours_in("<+00>0<+02>-2,M3.5.0/1,M10.5.0/3", 1792884600, 3600, 4,
		 "2026-10-25T01:00+02:00 1 0;2026-10-25T02:00+02:00 1 0;"
		 "2026-10-25T01:00+00:00 1 0;2026-10-25T02:00+00:00 1 0;");
	hours_in("<+0545>-5:45", 900, 1, 1, "1970-01-01T06:00+05:45 1 0;");
	hours_in("<-0330>3:30", 0, 1, 1, "1969-12-31T20:00-03:30 1 0;");
	hours_in("UTC0", -1, 1, 2, "1969-12-31T23:00+00:00 1 0;1970-01-01T00:00+00:00 1 0;");

	book_init(&b);
	at(&b, -1);
	at(&b, INT64_MAX);
	at(&b, INT64_MIN);
	book_close(&b);
	is_int(b.table[BOOK_HOUR].n, 3, "the ends of time");
	ok(strstr(rows(&b, BOOK_HOUR), ";1969-12-31T23:00+00:00 1 0;"),
	   "a microsecond before 1970");
	is_int(b.total.sessions, 3, "are all counted");
	book_free(&b);
}

int main(void)
{
	keys();
	longest();
	hours();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes sentences about a report. Numbers and keys in them are as in the tables. */
#include "report/terminal_notes.h"
#include "report/figure.h"
#include "report/period.h"
#include "report/when.h"
#include "base/text.h"

#include <string.h>

/* Appends a time; without the date if it is that of the time before. */
static void put_time(struct text *t, int64_t us, const char *before)
{
	char buf[PERIOD_MAX];
	const char *clock;

	period_plain(buf, us);
	clock = strchr(buf, ' ');
	if (before && clock && strncmp(buf, before, (size_t)(clock - buf + 1)) == 0)
		text_str(t, clock + 1);
	else
		text_str(t, buf);
}

/* Appends the time that the report is about, as it was asked for, or as the sessions have it. */
static void put_period(struct text *t, const struct book *b, const struct asked *a)
{
	char since[PERIOD_MAX];
	int64_t from, to;

	if (a->has_until && !a->has_since) {
		text_str(t, "until ");
		put_time(t, a->until_us, NULL);
		return;
	}
	if (!period_since(b, a, &from))
		return;
	if (a->has_since && !a->has_until && from == when_today(a->now_us)) {
		text_str(t, "today since 00:00");
		return;
	}
	text_str(t, a->has_since && !a->has_until ? "since " : "from ");
	put_time(t, from, NULL);
	if ((a->has_since && !a->has_until) || !period_until(b, a, &to))
		return;
	period_plain(since, from);
	text_str(t, " to ");
	put_time(t, to, since);
}

void terminal_put_totals(const struct screen *s, const struct book *b, const struct asked *a)
{
	const struct usage *u = &b->total;
	char buf[300], n[FIGURE_MAX];
	struct text t = TEXT_OF(buf);

	text_strs(&t, figure_count(n, u->sessions), u->sessions == 1 ? " session, " : " sessions, ",
		  NULL);
	if (u->failed) {
		text_strs(&t, figure_count(n, u->failed), " failed (", NULL);
		text_strs(&t, figure_percent(n, u->failed, u->sessions), "), ", NULL);
	}
	text_strs(&t, figure_bytes(n, u->sent), " sent, ", NULL);
	text_strs(&t, figure_bytes(n, u->received), " received, ", NULL);
	put_period(&t, b, a);
	/* Without a time, the comma is the last. */
	if (t.len > 2 && strcmp(t.buf + t.len - 2, ", ") == 0)
		t.buf[t.len - 2] = '\0';
	screen_style(s, SCREEN_HEAD);
	screen_paragraph(s, buf);
	screen_style(s, SCREEN_PLAIN);
}

void terminal_put_nothing(const struct screen *s, const struct asked *a)
{
	static const struct book empty = { .first_us = INT64_MAX, .last_us = INT64_MIN };
	char buf[900];
	struct text t = TEXT_OF(buf);
	bool timed = a->has_since || a->has_until;

	text_str(&t, "No session was found in ");
	if (!a->n_files)
		text_str(&t, "the journal");
	else if (a->n_files > 1)
		text_str(&t, "these files");
	else if (strcmp(a->files[0], "-") == 0)
		text_str(&t, "standard input");
	else
		text_quoted(&t, a->files[0]);
	if (timed)
		text_str(&t, ", ");
	if (timed)
		put_period(&t, &empty, a);
	text_str(&t, ". ");
	if (!a->n_files)
		text_str(&t, "Ask for an earlier time, with --since yesterday, or name the file "
			     "that picosocks5 logs to.");
	else if (timed)
		text_str(&t, "Ask for another time with --since and --until; without both, all "
			     "sessions count.");
	else
		text_str(&t, "A session is a line of picosocks5's log, with client=, time= and "
			     "end=.");
	screen_paragraph(s, buf);
}

static void put_skipped(const struct screen *s, uint64_t skipped)
{
	char buf[200], n[FIGURE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, figure_count(n, skipped));
	text_str(&t, skipped == 1 ? " line looks like a session, but can't be read: it is not "
				    "counted." :
				    " lines look like sessions, but can't be read: they are not "
				    "counted.");
	screen_paragraph(s, buf);
}

/* Sessions whose lines have no time count in every table but the hours'. */
static void put_timeless(const struct screen *s, const struct book *b)
{
	struct usage timed = tally_rest(&b->table[BOOK_HOUR], 0);
	char buf[200], n[FIGURE_MAX];
	struct text t = TEXT_OF(buf);
	uint64_t rest = b->total.sessions - timed.sessions;

	if (!timed.sessions || !rest)
		return;
	text_strs(&t, figure_count(n, rest),
		  rest == 1 ? " session has no time: it is in no hour." :
			      " sessions have no time: they are in no hour.",
		  NULL);
	screen_paragraph(s, buf);
}

static void put_folded(const struct screen *s, const struct tally *table, const char *keys)
{
	char buf[300];
	struct text t = TEXT_OF(buf);

	if (table->exact)
		return;
	text_strs(&t, "There are too many ", keys,
		  ": only the largest are kept, and each may lack some of its sessions. All "
		  "others are in " OUTPUT_OTHERS ".",
		  NULL);
	screen_paragraph(s, buf);
}

void terminal_put_lacks(const struct screen *s, const struct book *b, const struct asked *a)
{
	static const char *const keys[BOOK_TABLES + 1] = { "users",   "clients", "destinations",
							   "rules",   "ends",	 "hours",
							   "failures" };
	int i;

	if (b->skipped)
		put_skipped(s, b->skipped);
	if (!a->has_by || a->by == BOOK_HOUR)
		put_timeless(s, b);
	for (i = 0; i <= BOOK_TABLES; i++) {
		bool shown =
			i == BOOK_USER || i == BOOK_DEST || i == BOOK_HOUR || i == BOOK_FAILURE;

		if (a->has_by ? a->by == (enum book_table)i : shown)
			put_folded(s, &b->table[i], keys[i]);
	}
}

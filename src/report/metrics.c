/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Metrics in Prometheus' text format. A sample is written for each of the first users, and one for
 * all others, so that the sums are exact. No two samples have the same labels: a user with the name
 * of the others is one of them.
 */
#include "report/output.h"

#include <inttypes.h>
#include <string.h>

enum { USERS = 100 };

/* A view of the book: its users, and those of them that have samples of their own. */
struct view {
	FILE *out;
	const struct book *b;
	const struct tally *users;
	size_t n; /* the first n users */
};

/* Keys are printable ASCII: of the bytes that need an escape, a newline is none of them. */
static void put_label(FILE *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			fputc('\\', out);
		fputc(s[i], out);
	}
}

static bool is_others(const char *key, size_t len)
{
	return len == strlen(OUTPUT_OTHERS) && memcmp(key, OUTPUT_OTHERS, len) == 0;
}

/* Writes a sample; end is NULL, or a label more. */
static void put_sample(FILE *out, const char *metric, const char *user, size_t len, const char *end,
		       uint64_t value)
{
	fprintf(out, "picosocks5_%s{user=\"", metric);
	put_label(out, user, len);
	if (end)
		fprintf(out, "\",end=\"%s", end);
	fprintf(out, "\"} %" PRIu64 "\n", value);
}

static void put_head(FILE *out, const char *metric, const char *help)
{
	fprintf(out, "# HELP picosocks5_%s %s\n# TYPE picosocks5_%s counter\n", metric, help,
		metric);
}

/* Returns the sessions of a user that ended so, from the table whose keys are "USER END". */
static uint64_t sessions_of(const struct tally *t, const char *user, size_t len, const char *end)
{
	size_t i, end_len = strlen(end);

	for (i = 0; i < t->n; i++) {
		const char *key = tally_key(t, &t->rows[i]);

		if (t->rows[i].len == len + 1 + end_len && key[len] == ' ' &&
		    memcmp(key, user, len) == 0 && memcmp(key + len + 1, end, end_len) == 0)
			return t->rows[i].usage.sessions;
	}
	return 0;
}

static uint64_t all_sessions(const struct tally *by_end, const char *end)
{
	size_t i;

	for (i = 0; i < by_end->n; i++)
		if (by_end->rows[i].len == strlen(end) &&
		    memcmp(tally_key(by_end, &by_end->rows[i]), end, strlen(end)) == 0)
			return by_end->rows[i].usage.sessions;
	return 0;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* Writes the sessions that ended so. */
static void put_end(const struct view *v, const char *end)
{
	uint64_t rest = all_sessions(&v->b->table[BOOK_END], end);
	size_t i;

	for (i = 0; i < v->n && rest; i++) {
		const char *user = tally_key(v->users, &v->users->rows[i]);
		size_t len = v->users->rows[i].len;
		uint64_t sessions;

		if (is_others(user, len))
			continue;
		sessions = sessions_of(&v->b->table[BOOK_USER_END], user, len, end);
		if (sessions)
			put_sample(v->out, "sessions_total", user, len, end, sessions);
		rest = less(rest, sessions);
	}
	if (rest)
		put_sample(v->out, "sessions_total", OUTPUT_OTHERS, strlen(OUTPUT_OTHERS), end,
			   rest);
}

static void put_sessions(const struct view *v)
{
	size_t i;

	put_head(v->out, "sessions_total", "Sessions, by user and by how they ended.");
	for (i = 0; i < ENTRY_ENDS; i++)
		put_end(v, entry_ends[i]);
}

static void put_bytes(const struct view *v, const char *metric, bool sent)
{
	uint64_t rest = sent ? v->b->total.sent : v->b->total.received;
	size_t i;

	for (i = 0; i < v->n; i++) {
		const struct tally_row *row = &v->users->rows[i];
		const char *user = tally_key(v->users, row);
		uint64_t bytes = sent ? row->usage.sent : row->usage.received;

		if (is_others(user, row->len))
			continue;
		put_sample(v->out, metric, user, row->len, NULL, bytes);
		rest = less(rest, bytes);
	}
	if (rest || v->users->n > v->n)
		put_sample(v->out, metric, OUTPUT_OTHERS, strlen(OUTPUT_OTHERS), NULL, rest);
}

void output_metrics(FILE *out, const struct book *b, const struct asked *a)
{
	const struct tally *users = &b->table[BOOK_USER];
	size_t top = a->top ? a->top : USERS;
	struct view v = { out, b, users, top < users->n ? top : users->n };

	put_sessions(&v);
	put_head(out, "sent_bytes_total", "Bytes that clients sent, by user.");
	put_bytes(&v, "sent_bytes_total", true);
	put_head(out, "received_bytes_total", "Bytes that clients received, by user.");
	put_bytes(&v, "received_bytes_total", false);
}

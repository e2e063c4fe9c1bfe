/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts a session in every table. Knows no file and no format. */
#include "report/book.h"
#include "report/civil.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

const char *const book_names[BOOK_TABLES] = {
	[BOOK_USER] = "user", [BOOK_CLIENT] = "client", [BOOK_DEST] = "dest",
	[BOOK_RULE] = "rule", [BOOK_END] = "end",	[BOOK_HOUR] = "hour",
};

static const enum tally_order order[BOOK_ALL] = {
	[BOOK_USER] = TALLY_BY_BYTES,	    [BOOK_CLIENT] = TALLY_BY_BYTES,
	[BOOK_DEST] = TALLY_BY_BYTES,	    [BOOK_RULE] = TALLY_BY_SESSIONS,
	[BOOK_END] = TALLY_BY_SESSIONS,	    [BOOK_HOUR] = TALLY_BY_TIME,
	[BOOK_FAILURE] = TALLY_BY_SESSIONS, [BOOK_USER_END] = TALLY_BY_BYTES,
};

void book_init(struct book *b)
{
	int i;

	*b = (struct book){ .first_us = INT64_MAX, .last_us = INT64_MIN };
	for (i = 0; i < BOOK_ALL; i++)
		tally_init(&b->table[i], order[i]);
}

/* The longest keys that are joined below. */
static_assert(ENTRY_WORD_MAX + sizeof(" protocol") <= TALLY_KEY_MAX, "USER END");
static_assert(sizeof("protocol rule ") + ENTRY_WORD_MAX <= TALLY_KEY_MAX, "END rule RULE");

static int add(struct book *b, enum book_table table, struct word key, const struct usage *u)
{
	if (!key.n)
		key = (struct word){ "-", 1 };
	return tally_add(&b->table[table], key.p, key.n, u);
}

/* Joins the words, which together have at most TALLY_KEY_MAX bytes. */
static struct word join(char buf[TALLY_KEY_MAX], struct word a, const char *between, struct word b)
{
	size_t n = strlen(between);

	memcpy(buf, a.p, a.n);
	memcpy(buf + a.n, between, n);
	memcpy(buf + a.n + n, b.p, b.n);
	return (struct word){ buf, a.n + n + b.n };
}

static int add_hour(struct book *b, const struct entry *e)
{
	char key[48];
	struct tm tm;
	size_t n;

	if (!e->has_time || !civil_tm(e->time_us, &tm))
		return 0;
	n = civil_iso(key, sizeof(key), &tm, true);
	if (!n)
		return 0;
	if (e->time_us < b->first_us)
		b->first_us = e->time_us;
	if (e->time_us > b->last_us)
		b->last_us = e->time_us;
	/* The hour's begin, because the clock may show an hour twice, and the later one first. */
	return tally_add_at(&b->table[BOOK_HOUR],
			    civil_seconds(e->time_us) - tm.tm_min * 60 - tm.tm_sec, key, n,
			    &e->usage);
}

static int add_failure(struct book *b, const struct entry *e)
{
	char buf[TALLY_KEY_MAX];
	struct word key = e->end;

	if (!e->usage.failed)
		return 0;
	if (e->error.n)
		key = join(buf, e->end, " ", e->error);
	else if (e->rule.n)
		key = join(buf, e->end, " rule ", e->rule);
	return add(b, BOOK_FAILURE, key, &e->usage);
}

int book_add(struct book *b, const struct entry *e)
{
	const struct word keys[] = {
		[BOOK_USER] = e->user, [BOOK_CLIENT] = e->client, [BOOK_DEST] = e->dest,
		[BOOK_RULE] = e->rule, [BOOK_END] = e->end,
	};
	const struct word user = e->user.n ? e->user : (struct word){ "-", 1 };
	char buf[TALLY_KEY_MAX];
	int i, err = 0;

	usage_add(&b->total, &e->usage);
	for (i = 0; i < BOOK_HOUR && !err; i++)
		err = add(b, (enum book_table)i, keys[i], &e->usage);
	if (!err)
		err = add(b, BOOK_USER_END, join(buf, user, " ", e->end), &e->usage);
	if (!err)
		err = add_failure(b, e);
	return err ? err : add_hour(b, e);
}

void book_close(struct book *b)
{
	int i;

	for (i = 0; i < BOOK_ALL; i++)
		tally_sort(&b->table[i]);
}

void book_free(struct book *b)
{
	int i;

	for (i = 0; i < BOOK_ALL; i++)
		tally_free(&b->table[i]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picosocks5-report from the lines of a log to every form of its output: no sum is lost, and what a
 * client chose never leaves its place in the output.
 *
 * The input: a byte that chooses what is asked for, then lines.
 */
#include "report/input.h"
#include "report/output.h"

#include "fuzz.h"
#include "judge_report.h"

static bool same(struct usage a, struct usage b)
{
	return a.sessions == b.sessions && a.failed == b.failed && a.sent == b.sent &&
	       a.received == b.received;
}

/* The rows are in order, have each key once, and their keys are as logged. */
static void judge_rows(const struct tally *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const char *key = tally_key(t, &t->rows[i]);

		MUST(t->rows[i].len && t->rows[i].len <= TALLY_KEY_MAX);
		for (size_t j = 0; j < t->rows[i].len; j++)
			MUST(key[j] >= 0x20 && key[j] <= 0x7e && key[j] != '"');
		for (size_t j = 0; j < i; j++)
			MUST(t->rows[j].len != t->rows[i].len ||
			     memcmp(tally_key(t, &t->rows[j]), key, t->rows[i].len) != 0);
		if (i && t->order == TALLY_BY_BYTES)
			MUST(usage_bytes(&t->rows[i - 1].usage) >= usage_bytes(&t->rows[i].usage));
		if (i && t->order == TALLY_BY_SESSIONS)
			MUST(t->rows[i - 1].usage.sessions >= t->rows[i].usage.sessions);
		if (i && t->order == TALLY_BY_TIME)
			MUST(t->rows[i - 1].at <= t->rows[i].at);
	}
}

static void judge_book(const struct book *b, size_t lines)
{
	struct usage hours = tally_rest(&b->table[BOOK_HOUR], 0);
	struct usage failures = tally_rest(&b->table[BOOK_FAILURE], 0);

	for (int i = 0; i < BOOK_ALL; i++) {
		judge_rows(&b->table[i]);
		if (i != BOOK_HOUR && i != BOOK_FAILURE)
			MUST(same(tally_rest(&b->table[i], 0), b->total));
	}
	MUST(b->total.sessions + b->skipped <= lines);
	MUST(failures.sessions == b->total.failed && failures.failed == b->total.failed);
	MUST(hours.sessions <= b->total.sessions && hours.sent <= b->total.sent);
	MUST((hours.sessions > 0) == (b->first_us <= b->last_us));
}

/* Adds the lines; each is a block of its own, so that a sanitizer sees a read past it. */
static size_t add_lines(struct book *b, const struct asked *a, const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n;
	size_t lines = 0;

	for (; p < end; lines++) {
		const uint8_t *newline = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((newline ? newline : end) - p);
		char *line = malloc(len ? len : 1);

		MUST(line);
		memcpy(line, p, len);
		MUST(input_line(b, a, line, len, 1790805600000000) == 0);
		free(line);
		p += len + (newline != NULL);
	}
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct asked a = { .by = BOOK_USER };
	struct book b;
	size_t lines;

	if (!size || size > 1 << 16)
		return -1;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	a.by = data[0] % BOOK_TABLES;
	a.top = data[0] >> 6; /* 0: all, 1 to 3 */
	if (data[0] & 32) {
		a.has_since = a.has_until = true;
		a.since_us = 1790805600000000;
		a.until_us = 1793487600000000;
	}
	book_init(&b);
	lines = add_lines(&b, &a, data + 1, size - 1);
	book_close(&b);
	judge_book(&b, lines);
	judge_report(&b, &a);
	book_free(&b);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One table as CSV (RFC 4180, but lines end with LF). A spreadsheet would take a key that begins
 * with one of =+-@ for a formula. A key is in the notation of the log, where \xNN stands for a
 * byte: so the first byte is written like this, and the key stays exact.
 */
#include "report/output.h"

#include <inttypes.h>
#include <string.h>

void output_csv_field(FILE *out, const char *s, size_t n)
{
	bool quotes = memchr(s, ',', n) || memchr(s, '"', n) || (n && s[0] == ' ') ||
		      (n && s[n - 1] == ' ');
	size_t i = 0;

	if (quotes)
		fputc('"', out);
	if (n > 1 && memchr("=+-@", s[0], 4)) {
		fprintf(out, "\\x%02x", (unsigned)s[0]);
		i = 1;
	}
	for (; i < n; i++) {
		if (s[i] == '"')
			fputc('"', out);
		fputc(s[i], out);
	}
	if (quotes)
		fputc('"', out);
}

static void put_row(FILE *out, const char *key, size_t n, const struct usage *u)
{
	output_csv_field(out, key, n);
	fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", u->sessions, u->failed,
		u->sent, u->received);
}

void output_csv(FILE *out, const struct book *b, const struct asked *a)
{
	const struct tally *t = &b->table[a->by];
	size_t i, n = a->top && a->top < t->n ? a->top : t->n;
	struct usage rest = tally_rest(t, n);

	fprintf(out, "%s,sessions,failed,sent,received\n", book_names[a->by]);
	for (i = 0; i < n; i++)
		put_row(out, tally_key(t, &t->rows[i]), t->rows[i].len, &t->rows[i].usage);
	if (rest.sessions)
		put_row(out, OUTPUT_OTHERS, strlen(OUTPUT_OTHERS), &rest);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as one JSON object (RFC 8259). Every number is an integer. */
#include "report/output.h"

#include <inttypes.h>

/* Keys are printable ASCII. Only the backslash of their escapes needs one more. */
static void put_string(FILE *out, const char *s, size_t n)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			fputc('\\', out);
		fputc(s[i], out);
	}
	fputc('"', out);
}

static void put_usage(FILE *out, const struct usage *u)
{
	fprintf(out,
		"\"sessions\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"sent\":%" PRIu64
		",\"received\":%" PRIu64,
		u->sessions, u->failed, u->sent, u->received);
}

static void put_table(FILE *out, const struct book *b, enum book_table which, size_t top)
{
	const struct tally *t = &b->table[which];
	size_t i, n = top && top < t->n ? top : t->n;

	fprintf(out, "\"%s\":[", book_names[which]);
	for (i = 0; i < n; i++) {
		fprintf(out, "%s\n{\"%s\":", i ? "," : "", book_names[which]);
		put_string(out, tally_key(t, &t->rows[i]), t->rows[i].len);
		fputc(',', out);
		put_usage(out, &t->rows[i].usage);
		fputc('}', out);
	}
	fputs("]", out);
}

void output_json(FILE *out, const struct book *b, const struct asked *a)
{
	int i;

	fputc('{', out);
	put_usage(out, &b->total);
	fprintf(out, ",\"skipped\":%" PRIu64, b->skipped);
	for (i = 0; i < BOOK_TABLES; i++) {
		fputs(",\n", out);
		put_table(out, b, (enum book_table)i, a->top);
	}
	fputs("}\n", out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as one JSON object (RFC 8259). Every number is an integer. */
#include "report/output.h"
#include "report/period.h"

#include <inttypes.h>

void output_json_string(FILE *out, const char *s, size_t n)
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

static size_t shown(const struct tally *t, size_t top)
{
	return top && top < t->n ? top : t->n;
}

static void put_table(FILE *out, const struct book *b, enum book_table which, size_t top)
{
	const struct tally *t = &b->table[which];
	size_t i, n = shown(t, top);

	fprintf(out, "\"%s\":[", book_names[which]);
	for (i = 0; i < n; i++) {
		fprintf(out, "%s\n{\"%s\":", i ? "," : "", book_names[which]);
		output_json_string(out, tally_key(t, &t->rows[i]), t->rows[i].len);
		fputc(',', out);
		put_usage(out, &t->rows[i].usage);
		fputc('}', out);
	}
	fputs("],\n", out);
}

/* What each table leaves out. */
static void put_others(FILE *out, const struct book *b, size_t top)
{
	int i;

	fputs("\"others\":{", out);
	for (i = 0; i < BOOK_TABLES; i++) {
		const struct tally *t = &b->table[i];
		struct usage rest = tally_rest(t, shown(t, top));

		fprintf(out, "%s\n\"%s\":{", i ? "," : "", book_names[i]);
		put_usage(out, &rest);
		fputc('}', out);
	}
	fputs("},\n", out);
}

/* Which tables have folded nothing. */
static void put_exact(FILE *out, const struct book *b)
{
	int i;

	fputs("\"exact\":{", out);
	for (i = 0; i < BOOK_TABLES; i++)
		fprintf(out, "%s\"%s\":%s", i ? "," : "", book_names[i],
			b->table[i].exact ? "true" : "false");
	fputc('}', out);
}

static void put_time(FILE *out, const char *name, bool known, int64_t us)
{
	char buf[PERIOD_MAX];

	fprintf(out, "\"%s\":", name);
	if (!known) {
		fputs("null,", out);
		return;
	}
	period_iso(buf, us);
	fprintf(out, "\"%s\",", buf);
}

void output_json(FILE *out, const struct book *b, const struct asked *a)
{
	int64_t us;
	bool known;
	int i;

	fputc('{', out);
	known = period_since(b, a, &us);
	put_time(out, "since", known, us);
	known = period_until(b, a, &us);
	put_time(out, "until", known, us);
	put_usage(out, &b->total);
	fprintf(out, ",\"skipped\":%" PRIu64 ",\n", b->skipped);
	for (i = 0; i < BOOK_TABLES; i++)
		put_table(out, b, (enum book_table)i, a->top);
	put_others(out, b, a->top);
	put_exact(out, b);
	fputs("}\n", out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the tables. A row's share is drawn as a bar below its name. On a narrow page the style
 * makes a block of each row, so all has its role written out: else it would be no table any more.
 */
#include "report/html.h"

enum {
	ROWS = 10, /* unless --top says another number */
	LONG = 60, /* bytes of a name that the style may cut */
};

struct kind {
	enum book_table table;
	bool by_bytes; /* else by sessions */
	unsigned columns;
	const char *id, *title, *head, *thing;
};

static const struct kind kinds[] = {
	{ BOOK_USER, true, COLUMN_SHARE | COLUMN_SESSIONS | COLUMN_FAILED | COLUMN_BYTES, "user",
	  "Users", "User", "user" },
	{ BOOK_DEST, true, COLUMN_SHARE | COLUMN_SESSIONS | COLUMN_FAILED | COLUMN_BYTES, "dest",
	  "Destinations", "Destination", "destination" },
	{ BOOK_FAILURE, false, COLUMN_SHARE | COLUMN_SESSIONS, "failure", "Failures", "Reason",
	  "reason" },
	{ BOOK_CLIENT, true, COLUMN_SHARE | COLUMN_SESSIONS | COLUMN_FAILED | COLUMN_BYTES,
	  "client", "Clients", "Client", "client" },
	{ BOOK_RULE, false, COLUMN_SHARE | COLUMN_SESSIONS | COLUMN_FAILED | COLUMN_BYTES, "rule",
	  "Rules", "Rule", "rule" },
	{ BOOK_END, false, COLUMN_SHARE | COLUMN_SESSIONS | COLUMN_FAILED | COLUMN_BYTES, "end",
	  "Ends of sessions", "End", "end" },
};

static void put_head(FILE *out, unsigned shown, const char *name)
{
	if (shown)
		fprintf(out, "<th role=\"columnheader\" scope=\"col\">%s</th>", name);
}

void html_table_head(FILE *out, const char *key, unsigned columns)
{
	fputs("<thead role=\"rowgroup\"><tr role=\"row\">", out);
	put_head(out, 1, key);
	put_head(out, columns & COLUMN_SHARE, "Share");
	put_head(out, columns & COLUMN_SESSIONS, "Sessions");
	put_head(out, columns & COLUMN_FAILED, "Failed");
	put_head(out, columns & COLUMN_BYTES, "Sent");
	put_head(out, columns & COLUMN_BYTES, "Received");
	fputs("</tr></thead>\n<tbody role=\"rowgroup\">\n", out);
}

void html_table_end(FILE *out)
{
	fputs("</tbody>\n</table>\n", out);
}

static void put_bytes(FILE *out, uint64_t n)
{
	char text[FIGURE_MAX], exact[FIGURE_MAX];

	fprintf(out, "<td role=\"cell\" title=\"%s bytes\">%s</td>", figure_count(exact, n),
		html_text_bytes(text, n));
}

void html_table_cells(FILE *out, unsigned columns, const struct usage *u, uint64_t part,
		      uint64_t whole)
{
	char text[FIGURE_MAX];

	if (columns & COLUMN_SHARE)
		fprintf(out, "<td role=\"cell\">%s</td>", html_text_share(text, part, whole));
	if (columns & COLUMN_SESSIONS)
		fprintf(out, "<td role=\"cell\">%s</td>", figure_count(text, u->sessions));
	if (columns & COLUMN_FAILED)
		fprintf(out, "<td role=\"cell\">%s</td>", figure_count(text, u->failed));
	if (columns & COLUMN_BYTES) {
		put_bytes(out, u->sent);
		put_bytes(out, u->received);
	}
}

/* Returns how many of the first `top` rows have a key. */
static size_t names_of(const struct tally *t, size_t top)
{
	size_t i, n = 0;

	for (i = 0; i < t->n && i < top; i++)
		n += t->rows[i].len != 1 || *tally_key(t, &t->rows[i]) != '-';
	return n;
}

size_t html_table_names(const struct tally *t)
{
	return names_of(t, t->n);
}

static uint64_t weight(const struct kind *k, const struct usage *u)
{
	return k->by_bytes ? usage_bytes(u) : u->sessions;
}

static uint64_t whole_of(const struct kind *k, const struct book *b)
{
	return k->table == BOOK_FAILURE ? b->total.failed : weight(k, &b->total);
}

/* The style cuts a long name; the pointer then shows all of it. */
static void put_name(FILE *out, const char *name, size_t n)
{
	fputs("<span", out);
	if (n > LONG) {
		fputs(" title=\"", out);
		html_text_put(out, name, n);
		fputs("\"", out);
	}
	fputs(">", out);
	html_text_put(out, name, n);
	fputs("</span>", out);
}

/* The bar is as long as this row's part of the first row's. */
static void put_row(FILE *out, const struct kind *k, const struct book *b,
		    const struct tally_row *row)
{
	const struct tally *t = &b->table[k->table];
	uint64_t part = weight(k, &row->usage), longest = weight(k, &t->rows[0].usage);

	fputs("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">", out);
	put_name(out, tally_key(t, row), row->len);
	fprintf(out, "<svg aria-hidden=\"true\"><rect class=\"%s\" width=\"%.2f%%\"/></svg></th>",
		k->table == BOOK_FAILURE ? "failed" : "share",
		longest ? 100 * (double)part / (double)longest : 0);
	html_table_cells(out, k->columns, &row->usage, part, whole_of(k, b));
	fputs("</tr>\n", out);
}

static void put_others(FILE *out, const struct kind *k, const struct book *b, size_t top)
{
	struct usage rest = tally_rest(&b->table[k->table], top);

	fputs("<tr role=\"row\" class=\"others\"><th role=\"rowheader\" scope=\"row\">"
	      "<span>" OUTPUT_OTHERS "</span></th>",
	      out);
	html_table_cells(out, k->columns, &rest, weight(k, &rest), whole_of(k, b));
	fputs("</tr>\n", out);
}

/* Says how many rows there are, by what they are chosen, and what the shares are of. */
static void put_caption(FILE *out, const struct kind *k, const struct tally *t, size_t top)
{
	const char *what = k->by_bytes ? "bytes" : "sessions";
	size_t names = html_table_names(t), shown = names_of(t, top);
	char text[FIGURE_MAX];

	fputs("<caption>", out);
	if (!names) {
		fprintf(out, "Sessions without a %s.</caption>\n", k->thing);
		return;
	}
	if (shown < names)
		fprintf(out, "The first %s of ", figure_count(text, shown));
	else if (names > 1)
		fputs("All ", out);
	fprintf(out, "%s%s %s%s by %s, and %s of all %s%s.", t->exact ? "" : "more than ",
		figure_count(text, names), k->thing, names == 1 ? "" : "s", what,
		names == 1 ? "its share" : "their shares",
		k->table == BOOK_FAILURE ? "failed " : "", what);
	if (!t->exact)
		fprintf(out,
			" There were too many %ss to keep all: the rows may lack some sessions, "
			"which count as " OUTPUT_OTHERS ".",
			k->thing);
	fputs("</caption>\n", out);
}

static void put_section(FILE *out, const struct kind *k, const struct book *b, size_t top)
{
	const struct tally *t = &b->table[k->table];
	size_t i;

	fprintf(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", k->id, k->id,
		k->title);
	fputs("<table role=\"table\">\n", out);
	put_caption(out, k, t, top);
	html_table_head(out, k->head, k->columns);
	for (i = 0; i < t->n && i < top; i++)
		put_row(out, k, b, &t->rows[i]);
	if (top < t->n || !t->exact)
		put_others(out, k, b, top);
	html_table_end(out);
	fputs("</section>\n", out);
}

void html_table_put(FILE *out, const struct book *b, size_t top)
{
	size_t i;

	fputs("<div class=\"tables\">\n", out);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (b->table[kinds[i].table].n)
			put_section(out, &kinds[i], b, top ? top : ROWS);
	fputs("</div>\n", out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report as one page of HTML, which is well-formed XML too. It has no script and loads nothing:
 * its policy forbids both, and all styles but its own.
 */
#include "report/html.h"

static void put_head(FILE *out, const struct book *b, const struct asked *a)
{
	const char *const *style;

	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src '%s'; base-uri 'none'; form-action 'none'\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		"<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		"<meta name=\"robots\" content=\"noindex\"/>\n<title>Proxy report: ",
		html_style_hash);
	html_period_put(out, b, a);
	fputs("</title>\n<style>", out);
	for (style = html_style; *style; style++)
		fputs(*style, out);
	fputs("</style>\n</head>\n<body>\n<header>\n<h1>Proxy report</h1>\n<p>", out);
	html_period_put(out, b, a);
	fputs("</p>\n</header>\n<main>\n", out);
}

static void put_figure(FILE *out, const char *name, const char *value, const char *more)
{
	fprintf(out, "<div><dt>%s</dt><dd>%s%s%s%s</dd></div>\n", name, value,
		*more ? " <small>" : "", more, *more ? "</small>" : "");
}

static void put_bytes(FILE *out, const char *name, uint64_t n)
{
	char text[FIGURE_MAX], exact[FIGURE_MAX];

	fprintf(out, "<div><dt>%s</dt><dd title=\"%s bytes\">%s</dd></div>\n", name,
		figure_count(exact, n), html_text_bytes(text, n));
}

static void put_names(FILE *out, const char *name, const struct tally *t)
{
	char text[FIGURE_MAX];

	put_figure(out, name, figure_count(text, html_table_names(t)), t->exact ? "" : "and more");
}

static void put_figures(FILE *out, const struct book *b)
{
	const struct usage *u = &b->total;
	char text[FIGURE_MAX], more[FIGURE_MAX];

	fputs("<dl>\n", out);
	put_figure(out, "Sessions", figure_count(text, u->sessions), "");
	put_figure(out, "Failed", figure_count(text, u->failed),
		   u->sessions ? html_text_share(more, u->failed, u->sessions) : "");
	put_names(out, "Users", &b->table[BOOK_USER]);
	put_names(out, "Destinations", &b->table[BOOK_DEST]);
	put_bytes(out, "Sent by clients", u->sent);
	put_bytes(out, "Received by clients", u->received);
	fputs("</dl>\n", out);
}

static void put_notes(FILE *out, const struct book *b, const struct series *s)
{
	char text[FIGURE_MAX];

	if (!b->total.sessions)
		fputs("<p class=\"note\">No session ended in this time.</p>\n", out);
	if (b->skipped)
		fprintf(out,
			"<p class=\"note\">%s line%s like a session\xe2\x80\x99s can\xe2\x80\x99t "
			"be read, and %s not counted.</p>\n",
			figure_count(text, b->skipped), b->skipped == 1 ? "" : "s",
			b->skipped == 1 ? "is" : "are");
	if (s->undrawn)
		fprintf(out,
			"<p class=\"note\">The charts lack %s session%s, logged without a time or "
			"too long before the others.</p>\n",
			figure_count(text, s->undrawn), s->undrawn == 1 ? "" : "s");
}

/* The figures of the charts, for who can't see them. */
static void put_series(FILE *out, const struct series *s)
{
	static const char *const heads[SERIES_UNITS] = {
		[SERIES_HOUR] = "Hour",
		[SERIES_DAY] = "Day",
		[SERIES_MONTH] = "Month",
		[SERIES_YEAR] = "Year",
	};
	const unsigned columns = COLUMN_SESSIONS | COLUMN_FAILED | COLUMN_BYTES;
	char name[HTML_MOMENT];
	size_t i;

	fputs("<details>\n<summary>The figures of both charts</summary>\n<table role=\"table\">\n"
	      "<caption>Sessions and bytes over time, in the local zone.</caption>\n",
	      out);
	html_table_head(out, heads[s->unit], columns);
	for (i = 0; i < s->n; i++) {
		fprintf(out, "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">%s</th>",
			html_series_name(name, s, i));
		html_table_cells(out, columns, &s->bar[i], 0, 0);
		fputs("</tr>\n", out);
	}
	html_table_end(out);
	fputs("</details>\n", out);
}

static void put_end(FILE *out)
{
	fputs("</main>\n<footer>\n<p>A session failed if no request of it was granted. Sent is "
	      "what the clients sent, received is what they got; 1 kB is 1000 bytes. "
	      "\xe2\x80\x9c-\xe2\x80\x9d stands for sessions that have no user, destination or "
	      "rule.</p>\n"
	      "<p>Made by picosocks5-report.</p>\n</footer>\n</body>\n</html>\n",
	      out);
}

void output_html(FILE *out, const struct book *b, const struct asked *a)
{
	struct series s;

	html_series_read(&s, b, a);
	put_head(out, b, a);
	put_figures(out, b);
	put_notes(out, b, &s);
	if (s.n) {
		fputs("<section class=\"time\" aria-labelledby=\"time\">\n<h2 id=\"time\">Over "
		      "time</h2>\n",
		      out);
		html_chart_put(out, &s);
		put_series(out, &s);
		fputs("</section>\n", out);
	}
	html_table_put(out, b, a->top);
	put_end(out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the page share. Nothing is kept in memory but the bars of the charts. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/figure.h"
#include "report/output.h"

#include <time.h>

enum {
	HTML_MOMENT = 128, /* bytes for a time as text */
	HTML_BARS = 400,   /* bars of a chart, at most */
};

/* ---- html_style.c ---- */

extern const char *const html_style[]; /* text in pieces, behind the last of them NULL */
extern const char html_style_hash[];   /* of all pieces, for Content-Security-Policy */

/* ---- html_text.c ---- */

/* Writes bytes that nobody vouches for, as text of an element or attribute in double quotes. */
void html_text_put(FILE *out, const char *s, size_t n);

/* Return buf: "1.23 MB", of 1,000,000 bytes each; "4.2 %". figure.h has a digit less. */
const char *html_text_bytes(char buf[FIGURE_MAX], uint64_t n);
const char *html_text_share(char buf[FIGURE_MAX], uint64_t part, uint64_t whole);

/* Removes each blank at the beginning or behind another: %e of strftime() is " 8". Returns s. */
const char *html_text_squeeze(char *s);

/* ---- html_period.c ---- */

/* Writes from when to when: what was asked for, else the first and the last session. */
void html_period_put(FILE *out, const struct book *b, const struct asked *a);

/* ---- html_series.c ---- */

enum series_unit { SERIES_HOUR, SERIES_DAY, SERIES_MONTH, SERIES_YEAR, SERIES_UNITS };

/* Usage in units of the local zone, one behind the other. A unit without sessions has zeros. */
struct series {
	enum series_unit unit;
	int64_t first; /* of the bars: hours since 1970 in UTC, days since 1970, months or years */
	int phase;     /* seconds behind the full hour of UTC, where the local one begins */
	size_t n;      /* 0: no session has a time */
	struct usage bar[HTML_BARS];
	size_t most_sessions, most_bytes; /* the bars that have the most */
	uint64_t undrawn;		  /* sessions that are in no bar */
};

/*
 * Reads the table of hours. The unit is the smallest that needs few bars. The series covers all
 * sessions, and all of the time that was asked for unless that would need a larger unit.
 */
void html_series_read(struct series *s, const struct book *b, const struct asked *a);

/* Returns when bar i begins, in the local zone. */
struct tm html_series_time(const struct series *s, size_t i);

/* Returns buf: "Sat 28 Nov 2026, 14:00", as exact as the unit. */
const char *html_series_name(char buf[HTML_MOMENT], const struct series *s, size_t i);

/* ---- html_axis.c ---- */

/* Returns the distance of two lines of a scale up to max: 1, 2 or 5 times a power of ten. */
double html_axis_step(double max);

/* How the label of a bar is shown. */
enum axis_label { AXIS_NONE, AXIS_IF_WIDE, AXIS_ALWAYS };

/* Says if bar i has a label below it, and writes that into buf. */
enum axis_label html_axis_label(char buf[HTML_MOMENT], const struct series *s, size_t i);

/* ---- html_chart.c ---- */

/* Writes both charts, of sessions and of bytes, and a table of their figures. */
void html_chart_put(FILE *out, const struct series *s);

/* ---- html_table.c ---- */

/* The columns behind the first. */
enum {
	COLUMN_SHARE = 1,
	COLUMN_SESSIONS = 2,
	COLUMN_FAILED = 4,
	COLUMN_BYTES = 8,
};

/* Returns the rows that have a key, without that of the sessions that have none. */
size_t html_table_names(const struct tally *t);

/* Writes the head of a table behind its caption, up to where its rows begin; then its end. */
void html_table_head(FILE *out, const char *key, unsigned columns);
void html_table_end(FILE *out);

/* Writes the cells of numbers in a row. The share is that of part in whole. */
void html_table_cells(FILE *out, unsigned columns, const struct usage *u, uint64_t part,
		      uint64_t whole);

/* Writes the sections of all tables that have rows. */
void html_table_put(FILE *out, const struct book *b, size_t top);

#endif

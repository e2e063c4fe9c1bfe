/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forms of a report. Each function writes all of it to out, from a book that is closed, and
 * checks no error of the stream: its caller does. Keys are printable ASCII as logged, and escaped
 * once more where the format gives a byte a meaning.
 *
 * Rows that are left out (behind the first asked->top, or folded; tally_rest()) are shown as one
 * row "(others)" by all forms but JSON, which has a member `others`.
 */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include "report/asked.h"

#include <stdio.h>

/* The key of the row of all that is left out. */
#define OUTPUT_OTHERS "(others)"

/* Write a string of JSON and a field of CSV. The bytes are printable ASCII. */
void output_json_string(FILE *out, const char *s, size_t n);
void output_csv_field(FILE *out, const char *s, size_t n);

/* What the terminal can show. */
struct output_terminal {
	unsigned width; /* columns */
	bool colour;
	bool utf8; /* bars are drawn in blocks, else in '#' */
};

void output_json(FILE *out, const struct book *b, const struct asked *a);
void output_csv(FILE *out, const struct book *b, const struct asked *a);
void output_metrics(FILE *out, const struct book *b, const struct asked *a);
void output_html(FILE *out, const struct book *b, const struct asked *a);
void output_terminal(FILE *out, const struct book *b, const struct asked *a,
		     const struct output_terminal *t);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal shows: colours, cells of a table, bars, paragraphs. Texts are printable ASCII. */
#ifndef REPORT_SCREEN_H
#define REPORT_SCREEN_H

#include "report/output.h"

struct screen {
	FILE *out;
	const struct output_terminal *t;
};

enum screen_style {
	SCREEN_PLAIN,
	SCREEN_HEAD,
	SCREEN_DIM,
	SCREEN_BAD,
	SCREEN_BAR,
};

/* Writes in this style from here on, if the terminal has colours. */
void screen_style(const struct screen *s, enum screen_style style);

/* Writes a text in so many columns, at the left or the right. Cuts a long one in its middle. */
void screen_left(const struct screen *s, const char *text, size_t n, size_t width);
void screen_right(const struct screen *s, const char *text, size_t width);

/* Writes a bar, as long as part is of whole, and blanks up to the width. */
void screen_bar(const struct screen *s, uint64_t part, uint64_t whole, size_t width);

/* Writes a paragraph, in lines of at most the terminal's width. */
void screen_paragraph(const struct screen *s, const char *text);

#endif

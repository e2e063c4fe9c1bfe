/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes to a terminal, or what has no colours and no width. Knows nothing of sessions. */
#include "report/screen.h"

#include <string.h>

void screen_style(const struct screen *s, enum screen_style style)
{
	static const char *const codes[] = {
		[SCREEN_PLAIN] = "\x1b[0m", [SCREEN_HEAD] = "\x1b[1m", [SCREEN_DIM] = "\x1b[2m",
		[SCREEN_BAD] = "\x1b[31m",  [SCREEN_BAR] = "\x1b[36m",
	};

	if (s->t->colour)
		fputs(codes[style], s->out);
}

static void put_blanks(const struct screen *s, size_t n)
{
	fprintf(s->out, "%*s", (int)n, "");
}

void screen_left(const struct screen *s, const char *text, size_t n, size_t width)
{
	size_t mark = s->t->utf8 ? 1 : 3, head, tail;

	if (n <= width) {
		fwrite(text, 1, n, s->out);
		put_blanks(s, width - n);
		return;
	}
	if (width <= mark) {
		fwrite(text, 1, width, s->out);
		return;
	}
	/* The end of a destination is its port, that of a failure its reason. */
	tail = (width - mark) / 2;
	head = width - mark - tail;
	fwrite(text, 1, head, s->out);
	fputs(s->t->utf8 ? "\u2026" : "...", s->out);
	fwrite(text + n - tail, 1, tail, s->out);
}

void screen_right(const struct screen *s, const char *text, size_t width)
{
	fprintf(s->out, "%*s", (int)width, text);
}

void screen_bar(const struct screen *s, uint64_t part, uint64_t whole, size_t width)
{
	/* Blocks of one to seven eighths of a column. */
	static const char *const eighths[] = { "",	 "\u258f", "\u258e", "\u258d",
					       "\u258c", "\u258b", "\u258a", "\u2589" };
	unsigned steps = s->t->utf8 ? 8 : 1;
	double share = whole ? (double)part / (double)whole : 0;
	size_t n = (size_t)(share * (double)(width * steps) + 0.5), i;

	if (n > width * steps)
		n = width * steps;
	if (!n && part && width)
		n = 1;
	screen_style(s, SCREEN_BAR);
	for (i = 0; i < n / steps; i++)
		fputs(s->t->utf8 ? "\u2588" : "#", s->out);
	fputs(eighths[n % steps], s->out);
	screen_style(s, SCREEN_PLAIN);
	put_blanks(s, width - (n + steps - 1) / steps);
}

void screen_paragraph(const struct screen *s, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (column && column + 1 + n > s->t->width) {
			fputc('\n', s->out);
			column = 0;
		}
		if (column)
			fputc(' ', s->out);
		fwrite(text, 1, n, s->out);
		column += n + (column != 0);
		text += n + (text[n] == ' ');
	}
	fputc('\n', s->out);
}

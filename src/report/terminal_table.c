/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays tables out and writes them. Knows no book, so it chooses no rows. */
#include "report/terminal_table.h"
#include "report/figure.h"

#include <string.h>

/* Between columns, and for keys. */
enum { GAP = 2, KEY_MIN = 20, KEY_NARROW = 10, KEY_USUAL = 32, BAR_MIN = 5 };

static const char *const titles[COLUMNS] = { "SESSIONS", "FAILED", "SENT", "RECEIVED", "BYTES" };

static const char *figure(char buf[FIGURE_MAX], const struct usage *u, enum terminal_column c)
{
	switch (c) {
	case COLUMN_SESSIONS:
		return figure_count(buf, u->sessions);
	case COLUMN_FAILED:
		return figure_count(buf, u->failed);
	case COLUMN_SENT:
		return figure_bytes(buf, u->sent);
	case COLUMN_RECEIVED:
		return figure_bytes(buf, u->received);
	case COLUMN_BYTES:
	case COLUMNS:
		break;
	}
	return figure_bytes(buf, usage_bytes(u));
}

static size_t max(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Returns the columns from the end of the keys to the end of the table. */
static size_t columns_width(const struct terminal_layout *l)
{
	size_t sum = 0;
	int c;

	for (c = 0; c < COLUMNS; c++)
		sum += l->column[c] ? l->column[c] + GAP : 0;
	return sum;
}

/* Leaves columns out until the keys have room. Returns that room. */
static size_t make_room(const struct screen *s, struct terminal_layout *l)
{
	size_t width = s->t->width, bytes = l->column[COLUMN_BYTES];

	l->column[COLUMN_BYTES] = 0;
	if (columns_width(l) + KEY_MIN > width) {
		l->column[COLUMN_FAILED] = 0;
		l->column[COLUMN_SENT] = l->column[COLUMN_RECEIVED] = 0;
		l->column[COLUMN_BYTES] = bytes;
	}
	if (columns_width(l) + KEY_NARROW > width)
		l->column[COLUMN_BYTES] = 0;
	return columns_width(l) < width ? width - columns_width(l) : 1;
}

/* Makes the columns wide enough for a line. Returns the room that its key wants. */
static size_t widen(struct terminal_layout *l, const struct line *line)
{
	char buf[FIGURE_MAX];
	int c;

	for (c = 0; c < COLUMNS; c++)
		l->column[c] = max(l->column[c],
				   strlen(figure(buf, &line->usage, (enum terminal_column)c)));
	return line->len;
}

struct terminal_layout terminal_measure(const struct screen *s, struct terminal_table *tables,
					size_t n)
{
	struct terminal_layout l = { .key = KEY_USUAL };
	size_t count_key = 0, room, others, i;
	struct line line;

	for (i = 0; i < COLUMNS; i++)
		l.column[i] = strlen(titles[i]);
	for (i = 0; i < n; i++) {
		size_t *key = tables[i].form == FORM_COUNT ? &count_key : &l.key;

		while (rows_next(&tables[i].rows, &line))
			*key = max(*key, widen(&l, &line));
	}
	room = make_room(s, &l);
	others = columns_width(&l) - GAP - l.column[COLUMN_SESSIONS];
	l.key = max(l.key, count_key > others ? count_key - others : 0);
	if (l.key > room)
		l.key = room;
	return l;
}

static void put_head(const struct screen *s, const struct terminal_layout *l,
		     const struct terminal_table *table, size_t key, size_t label)
{
	size_t n = strlen(table->rows.title);
	int c;

	screen_style(s, SCREEN_HEAD);
	if (label) {
		screen_left(s, table->rows.title, n, label + GAP);
		screen_left(s, titles[COLUMN_BYTES], strlen(titles[COLUMN_BYTES]),
			    key - label - GAP);
	} else {
		screen_left(s, table->rows.title, n, key);
	}
	for (c = 0; c < COLUMNS; c++)
		if (l->column[c])
			screen_right(s, titles[c], l->column[c] + GAP);
	screen_style(s, SCREEN_PLAIN);
	fputc('\n', s->out);
}

static void put_figures(const struct screen *s, const struct terminal_layout *l,
			const struct usage *u)
{
	char buf[FIGURE_MAX];
	int c;

	for (c = 0; c < COLUMNS; c++) {
		bool bad = c == COLUMN_FAILED && u->failed;

		if (!l->column[c])
			continue;
		if (bad)
			screen_style(s, SCREEN_BAD);
		screen_right(s, figure(buf, u, (enum terminal_column)c), l->column[c] + GAP);
		if (bad)
			screen_style(s, SCREEN_PLAIN);
	}
	fputc('\n', s->out);
}

static void put_key(const struct screen *s, const struct line *line, size_t width)
{
	if (line->others)
		screen_style(s, SCREEN_DIM);
	screen_left(s, line->key, line->len, width);
	if (line->others)
		screen_style(s, SCREEN_PLAIN);
}

/* Bars tell bytes. Finds the most of a line, and the room of the labels before the bars. */
static uint64_t most(struct terminal_table *table, size_t *label)
{
	struct line line;
	uint64_t bytes = 0;

	*label = strlen(table->rows.title);
	while (rows_next(&table->rows, &line)) {
		*label = max(*label, line.len);
		if (usage_bytes(&line.usage) > bytes && !line.others)
			bytes = usage_bytes(&line.usage);
	}
	return bytes;
}

void terminal_put_table(const struct screen *s, const struct terminal_layout *l,
			struct terminal_table *table)
{
	struct terminal_layout own = *l;
	size_t label = 0;
	uint64_t whole = table->form == FORM_BARS ? most(table, &label) : 0;
	struct line line;

	if (table->form == FORM_COUNT) {
		own = (struct terminal_layout){ .column = { l->column[COLUMN_SESSIONS] } };
		own.key = l->key + columns_width(l) - columns_width(&own);
	}
	if (label + GAP + BAR_MIN > own.key)
		label = 0;
	put_head(s, &own, table, own.key, label);
	while (rows_next(&table->rows, &line)) {
		put_key(s, &line, label ? label + GAP : own.key);
		if (label)
			screen_bar(s, line.others ? 0 : usage_bytes(&line.usage), whole,
				   own.key - label - GAP);
		put_figures(s, &own, &line.usage);
	}
}

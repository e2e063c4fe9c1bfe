/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the sessions of this moment as a table. Looks at no process. */
#include "report/figure.h"
#include "report/now.h"
#include "report/period.h"
#include "report/screen.h"

#include <inttypes.h>
#include <string.h>

enum { PID, AGE, USER, CLIENT, COMMAND, DEST, COLUMNS, GAP = 2, CELL_MIN = 6, NARROW = 60 };

static const char *const titles[COLUMNS] = { "PID",    "AGE",	  "USER",
					     "CLIENT", "COMMAND", "DESTINATION" };

/* "12s", "3m20s", "2h05m", "3d04h": the two largest units. */
static void put_age(char buf[FIGURE_MAX], uint64_t s)
{
	static const struct {
		uint64_t s;
		const char *name, *next;
	} units[] = { { 86400, "d", "h" }, { 3600, "h", "m" }, { 60, "m", "s" } };
	static const uint64_t parts[] = { 3600, 60, 1 };
	size_t i;

	for (i = 0; i < 3; i++)
		if (s >= units[i].s) {
			snprintf(buf, FIGURE_MAX, "%" PRIu64 "%s%02" PRIu64 "%s", s / units[i].s,
				 units[i].name, s % units[i].s / parts[i], units[i].next);
			return;
		}
	snprintf(buf, FIGURE_MAX, "%" PRIu64 "s", s);
}

/* Returns the text of a cell, in buf if it is a number. */
static struct word cell(char buf[FIGURE_MAX], const struct now_session *s, int column)
{
	struct word w = { "-", 1 };

	switch (column) {
	case PID:
		snprintf(buf, FIGURE_MAX, "%ld", (long)s->pid);
		return (struct word){ buf, strlen(buf) };
	case AGE:
		put_age(buf, s->age_s);
		return (struct word){ buf, strlen(buf) };
	case USER:
		return s->user.n ? s->user : w;
	case CLIENT:
		return s->client.n ? s->client : w;
	case COMMAND:
		return s->command.n ? s->command : w;
	default:
		return s->dest.n ? s->dest : w;
	}
}

static size_t sum(const size_t width[COLUMNS])
{
	size_t n = 0;
	int c;

	for (c = 0; c < COLUMNS; c++)
		n += width[c] ? width[c] + GAP : 0;
	return n - GAP;
}

/* Finds the width of each column; 0: it is left out. Takes from the widest what is too much. */
static void measure(const struct now *now, const struct output_terminal *t, size_t width[COLUMNS])
{
	char buf[FIGURE_MAX];
	size_t i;
	int c, widest;

	for (c = 0; c < COLUMNS; c++)
		width[c] = strlen(titles[c]);
	for (i = 0; i < now->n; i++)
		for (c = 0; c < COLUMNS; c++) {
			size_t n = cell(buf, &now->sessions[i], c).n;

			width[c] = n > width[c] ? n : width[c];
		}
	if (t->width < NARROW && sum(width) > t->width)
		width[COMMAND] = width[AGE] = 0;
	while (sum(width) > t->width) {
		widest = DEST;
		for (c = USER; c < DEST; c++)
			if (width[c] > width[widest])
				widest = c;
		if (width[widest] <= CELL_MIN)
			break;
		width[widest]--;
	}
}

static void put_cell(const struct screen *s, int column, struct word w, size_t width)
{
	size_t pad = width > w.n ? width - w.n : 0;

	if (!width)
		return;
	if (column != PID)
		fputs("  ", s->out);
	/* Numbers stand at the right; nothing stands behind the last column. */
	if (column <= AGE)
		fprintf(s->out, "%*s", (int)pad, "");
	screen_left(s, w.p, w.n, column <= AGE || column == DEST ? width - pad : width);
}

void now_put_table(FILE *out, const struct now *now, const struct output_terminal *t)
{
	struct screen s = { out, t };
	char buf[FIGURE_MAX], when[PERIOD_MAX];
	size_t width[COLUMNS], i;
	int c;

	if (!now->n) {
		screen_paragraph(&s, "No client is being served at this moment.");
		return;
	}
	measure(now, t, width);
	period_plain(when, now->time_us);
	screen_style(&s, SCREEN_HEAD);
	fprintf(out, "%s session%s, %s\n\n", figure_count(buf, now->n), now->n == 1 ? "" : "s",
		when);
	for (c = 0; c < COLUMNS; c++)
		put_cell(&s, c, (struct word){ titles[c], strlen(titles[c]) }, width[c]);
	screen_style(&s, SCREEN_PLAIN);
	fputc('\n', out);
	for (i = 0; i < now->n; i++) {
		for (c = 0; c < COLUMNS; c++)
			put_cell(&s, c, cell(buf, &now->sessions[i], c), width[c]);
		fputc('\n', out);
	}
}

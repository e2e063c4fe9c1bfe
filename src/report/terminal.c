/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for people: totals, tables, and notes on what they lack. */
#include "report/output.h"
#include "report/terminal_notes.h"
#include "report/terminal_table.h"

enum { TOP = 10, TABLES_MAX = 4 };

/* Returns the table of this name, for one that --by can name, or BOOK_FAILURE. */
static struct terminal_table table_of(const struct book *b, const struct asked *a,
				      enum book_table which)
{
	static const char *const titles[] = {
		[BOOK_USER] = "USER", [BOOK_CLIENT] = "CLIENT", [BOOK_DEST] = "DESTINATION",
		[BOOK_RULE] = "RULE", [BOOK_END] = "END",	[BOOK_FAILURE] = "FAILURE",
	};
	const struct tally *t = &b->table[which];

	/* The first hours say nothing, unless they were asked for. */
	if (which == BOOK_HOUR)
		return (struct terminal_table){ rows_of_hours(t, a->has_by ? a->top : 0),
						FORM_BARS };
	return (struct terminal_table){ rows_of(t, titles[which], a->top ? a->top : TOP),
					which == BOOK_FAILURE ? FORM_COUNT : FORM_PLAIN };
}

/* Chooses the tables; returns how many. */
static size_t choose(struct terminal_table tables[TABLES_MAX], const struct book *b,
		     const struct asked *a)
{
	static const enum book_table all[TABLES_MAX] = { BOOK_USER, BOOK_DEST, BOOK_FAILURE,
							 BOOK_HOUR };
	size_t i, n = 0;

	if (a->has_by) {
		tables[0] = table_of(b, a, a->by);
		return b->table[a->by].n != 0;
	}
	for (i = 0; i < TABLES_MAX; i++)
		if (b->table[all[i]].n)
			tables[n++] = table_of(b, a, all[i]);
	return n;
}

static bool lacks(const struct book *b)
{
	struct usage timed = tally_rest(&b->table[BOOK_HOUR], 0);
	bool exact = true;
	int i;

	for (i = 0; i <= BOOK_TABLES; i++)
		exact = exact && b->table[i].exact;
	return b->skipped || !exact || (timed.sessions && timed.sessions < b->total.sessions);
}

void output_terminal(FILE *out, const struct book *b, const struct asked *a,
		     const struct output_terminal *t)
{
	struct screen s = { out, t };
	struct terminal_table tables[TABLES_MAX];
	struct terminal_layout layout;
	size_t i, n = choose(tables, b, a);

	if (!b->total.sessions) {
		terminal_put_nothing(&s, a);
	} else {
		terminal_put_totals(&s, b, a);
		layout = terminal_measure(&s, tables, n);
		for (i = 0; i < n; i++) {
			fputc('\n', out);
			terminal_put_table(&s, &layout, &tables[i]);
		}
	}
	if (lacks(b))
		fputc('\n', out);
	terminal_put_lacks(&s, b, a);
}

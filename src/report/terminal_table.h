/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables whose columns stand one below the other, in the width of a terminal. */
#ifndef REPORT_TERMINAL_TABLE_H
#define REPORT_TERMINAL_TABLE_H

#include "report/rows.h"
#include "report/screen.h"

enum terminal_column {
	COLUMN_SESSIONS,
	COLUMN_FAILED,
	COLUMN_SENT,
	COLUMN_RECEIVED,
	COLUMN_BYTES, /* instead of the two before, where there is little room */
	COLUMNS,
};

enum terminal_form {
	FORM_PLAIN,
	FORM_COUNT, /* the sessions alone, and wider keys */
	FORM_BARS,  /* bars behind the keys */
};

struct terminal_table {
	struct rows rows;
	enum terminal_form form;
};

/* How wide the keys and the columns are; 0: the column is left out. */
struct terminal_layout {
	size_t key, column[COLUMNS];
};

/* Finds the widths for all of these tables together. */
struct terminal_layout terminal_measure(const struct screen *s, struct terminal_table *tables,
					size_t n);

void terminal_put_table(const struct screen *s, const struct terminal_layout *l,
			struct terminal_table *table);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of options, for those who read, print and test it. */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include "options/options.h"
#include "base/text.h"

/* A value on its way into struct options. */
struct setting {
	struct options *o;
	const char *value; /* lives as long as the process; "" for a flag */
	struct origin origin;
	struct text *why; /* in words what is wrong with it, when set() returns false */
	int *status;	  /* of that, where it is not a matter of the value alone: exit status */
};

struct option_row {
	const char *name;
	char letter;	   /* 0: none */
	const char *arg;   /* NULL for a flag */
	bool command_line; /* stands on the command line alone */
	bool (*set)(const struct setting *s, const struct option_row *row);
	/* Appends the value in force; leaves *t empty where there is nothing to show. */
	void (*show)(const struct options *o, const struct option_row *row, struct text *t);
	size_t offset;	  /* of the field in struct options that the two functions use */
	const char *help; /* lines of 50 columns at most */
};

extern const struct option_row option_table[];
extern const size_t option_table_len;

/* Finds a row by its full name; NULL if there is none. */
const struct option_row *option_find(const char *name);

/* Says in s->why what was found and what is expected; returns false. */
bool option_expected(const struct setting *s, const char *expected);

/* The same for what is nobody's mistake. */
bool option_no_memory(const struct setting *s);

#endif

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

struct option_row;

/* A kind of value. value.h lists them. */
struct option_type {
	/* Puts the value into struct options; or returns false and says in s->why what is wrong. */
	bool (*set)(const struct setting *s, const struct option_row *row);
	/* Appends the value in force, or nothing if there is none. NULL: there is never one. */
	void (*show)(const struct options *o, const struct option_row *row, struct text *t);
	/* The words that the value can be. NULL: it is not one of a list. */
	const struct option_word *words;
};

struct option_row {
	const char *name;
	char letter;	   /* 0: none */
	const char *arg;   /* NULL for a flag */
	bool command_line; /* stands on the command line alone */
	const struct option_type *type;
	size_t offset;	  /* of the field in struct options, for types of more than one option */
	const char *help; /* lines of 50 columns at most */
};

extern const struct option_row option_table[];
extern const size_t option_table_len;

/* Finds a row by its full name; NULL if there is none. */
const struct option_row *option_find(const char *name);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of options, which the readers, --help, --check and the tests share. */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include "options/options.h"
#include "base/text.h"

struct option_reader;

/* A value that a type is to put into struct options. */
struct setting {
	struct options *o;
	const char *value; /* stays as long as the process; "" for a flag */
	struct origin origin;
	struct text *why;	      /* set() writes here what is wrong with the value */
	struct option_reader *reader; /* for option_mistake(), if there are several mistakes */
	int *status; /* the exit status, if set() sets it; else the value's place decides */
};

struct option_row;

/*
 * A word and what it stands for; an empty word ends a list. The word is an array, not a pointer,
 * because every pointer has to be relocated at each start of the process.
 */
struct option_word {
	char word[12];
	int value;
};

/* What a shell completes a value with. */
enum option_kind {
	KIND_TEXT, /* one of the words, if the type has words; else nothing */
	KIND_LIST, /* words with commas between them */
	KIND_FILE,
	KIND_INTERFACE,
	KIND_USER, /* of this host */
};

/* A type of value. value.h lists them. */
struct option_type {
	/* Puts the value into struct options; or returns false and says in s->why what is wrong. */
	bool (*set)(const struct setting *s, const struct option_row *row);
	/* Appends the value in force, or nothing if there is none. NULL: there is never one. */
	void (*show)(const struct options *o, const struct option_row *row, struct text *t);
	/* The words that the value can be. NULL: it is not one of a list. */
	const struct option_word *words;
	enum option_kind kind;
	bool adds; /* what a second use of the option says is added to what the first said */
	bool mode; /* only one such option has an effect */
};

/*
 * The texts of a row are one string, because every pointer has to be relocated at each start of the
 * process, and the relocated rows fit into one page with the other tables.
 */
struct option_row {
	const char *name;  /* behind its NUL: option_argument(), then option_help() */
	char letter;	   /* 0: none */
	bool command_line; /* not allowed in a configuration file */
	uint16_t offset;   /* of the field in struct options, for types of more than one option */
	const struct option_type *type;
};

extern const struct option_row option_table[];
extern const size_t option_table_len;

/* Returns the name of the option's value, as in FILE, or "" for a flag. */
const char *option_argument(const struct option_row *row);

/* Returns the lines for --help, of 50 columns at most. */
const char *option_help(const struct option_row *row);

/* Returns the row of that whole name, or NULL. */
const struct option_row *option_find(const char *name);

#endif

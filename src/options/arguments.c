/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the command line with getopt_long(), which would accept abbreviations: they are refused
 * here. Every mistake is reported; after a mistake, the rest is still read.
 */
#include "options/reader.h"
#include "options/unknown.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>

/*
 * For getopt_long(), the i-th row of the table is LONG_BASE + i. Letters are below LONG_BASE:
 * musl's getopt_long() decodes UTF-8, so a letter may be any character of Unicode.
 */
enum { LONG_BASE = 0x110000, ROWS_MAX = 64 };

/* getopt_long() returns this for an argument that is no option. */
enum { ARGUMENT = 1 };

/* A walk over the arguments. */
struct walk {
	struct option_reader *r;
	char **argv;
	bool modes;	 /* apply the modes; else all other options, and report the mistakes */
	int at;		 /* the argument that getopt_long() looks at */
	int unknown;	 /* the last argument that is an unknown option */
	bool unexpected; /* an argument that is no option has been reported */
};

/* Builds getopt's tables from ours. "-": an argument that is no option is returned as ARGUMENT. */
static void getopt_tables(struct option *longs, char *letters)
{
	*letters++ = '-';
	*letters++ = ':';
	for (size_t i = 0; i < option_table_len; i++) {
		const struct option_row *row = &option_table[i];
		bool has_value = *option_argument(row);

		longs[i] = (struct option){ row->name, has_value ? required_argument : no_argument,
					    NULL, LONG_BASE + (int)i };
		if (!row->letter)
			continue;
		*letters++ = row->letter;
		if (has_value)
			*letters++ = ':';
	}
	longs[option_table_len] = (struct option){ 0 };
	*letters = '\0';
}

static const struct option_row *row_of(int c)
{
	if (c >= LONG_BASE)
		return &option_table[c - LONG_BASE];
	for (size_t i = 0; i < option_table_len; i++)
		if (option_table[i].letter && option_table[i].letter == c)
			return &option_table[i];
	return NULL;
}

/*
 * Returns true if getopt_long() takes an argument for an option that it is not: an abbreviation
 * ("--che"), or a whole name behind one dash ("-check" would be "-c heck").
 */
static bool is_misread(const char *arg, const struct option_row *row)
{
	const char *name = arg + 1 + (arg[1] == '-');
	size_t len = strlen(row->name);

	if (arg[1] != '-')
		return name[1] && option_find(name);
	return strncmp(name, row->name, len) != 0 || (name[len] && name[len] != '=');
}

static void mistake(struct walk *w, const char *why)
{
	if (!w->modes)
		option_mistake(w->r, (struct origin){ 0 }, NULL, why);
}

static COLD_CODE void unknown(struct walk *w, int letter)
{
	const char *arg = w->argv[w->at];
	char dashed[] = { '-', (char)letter, '\0' }, buf[800];
	struct text t = TEXT_OF(buf);

	unknown_option(&t, arg[1] == '-' || option_find(arg + 1) ? arg : dashed, false);
	mistake(w, buf);
	w->unknown = w->at;
}

/* An argument right after an unknown option is its value, and part of the same mistake. */
static COLD_CODE void argument(struct walk *w, const char *arg)
{
	char buf[600];
	struct text t = TEXT_OF(buf);

	if (w->unexpected || (w->at == w->unknown + 1 && !strchr(w->argv[w->unknown], '=')))
		return;
	/* The argument is left out, because it may be a password. */
	if (w->r->o->mode == MODE_HASH)
		text_str(&t, "unexpected argument: --hash asks for the password, or reads it from "
			     "a pipe, because every user of this host can see a command line");
	else
		unknown_argument(&t, arg);
	mistake(w, buf);
	w->unexpected = true;
}

/* The option of the row has no value and needs one, or has one and takes none. */
static COLD_CODE void bad_value(struct walk *w, const struct option_row *row)
{
	char buf[200];
	struct text t = TEXT_OF(buf);

	text_strs(&t, "option \"--", row->name, "\" ", NULL);
	if (*option_argument(row))
		text_strs(&t, "needs a value: write --", row->name, " ", option_argument(row),
			  NULL);
	else
		text_strs(&t, "takes no value: write --", row->name, NULL);
	text_str(&t, "; see picosocks5 --help");
	mistake(w, buf);
}

/* Takes what getopt_long() returned. */
static void take(struct walk *w, int c)
{
	bool bad = c == '?' || c == ':';
	int id = bad ? optopt : c;
	const struct option_row *row;

	if (c == ARGUMENT) {
		argument(w, optarg);
		return;
	}
	/* The letters after an unknown one are probably its value. */
	if (w->at == w->unknown)
		return;
	row = row_of(id);
	if (!row || is_misread(w->argv[w->at], row))
		unknown(w, id);
	else if (bad)
		bad_value(w, row);
	else if (row->command_line == w->modes)
		config_apply(w->r, row, *option_argument(row) ? optarg : "", (struct origin){ 0 });
}

/* Walks through all arguments, and applies either the modes or all the other options. */
static void walk(struct option_reader *r, int argc, char **argv, bool modes)
{
	struct walk w = { .r = r, .argv = argv, .modes = modes, .unknown = -1 };
	/* For each row a letter and a colon at most; "-:" and the NUL. */
	struct option longs[ROWS_MAX + 1];
	char letters[2 * ROWS_MAX + 3];
	int c;

	getopt_tables(longs, letters);
	opterr = optind = 0;
	for (;;) {
		w.at = optind ? optind : 1;
		c = getopt_long(argc, argv, letters, longs, NULL);
		if (c == -1)
			break;
		take(&w, c);
	}
	if (optind < argc) {
		w.at = optind;
		argument(&w, argv[optind]);
	}
}

void options_read_arguments(struct option_reader *r, int argc, char **argv)
{
	assert(option_table_len <= ROWS_MAX);
	/* The modes first: --check after a mistake still decides how the mistake is reported. */
	walk(r, argc, argv, true);
	if (r->o->mode == MODE_CHECK)
		places_begin(r->o);
	as_take_rights(r);
	walk(r, argc, argv, false);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the command line with getopt_long(), which would accept abbreviations: they are refused
 * here. Every mistake is reported. Opens nothing.
 */
#include "report/asked.h"
#include "report/option.h"
#include "report/when.h"
#include "base/hint.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/*
 * For getopt_long(), the i-th option is LONG_BASE + i. Letters are below LONG_BASE: musl's
 * getopt_long() decodes UTF-8, so a letter may be any character of Unicode.
 */
enum { LONG_BASE = 0x110000, ARGUMENT = 1 };

/* A walk over the arguments. */
struct walk {
	struct asked *a;
	char **argv;
	int at;	     /* the argument that getopt_long() looks at */
	int unknown; /* the last argument that is an unknown option */
	int n_files;
	bool wrong;	     /* a mistake has been reported */
	enum option_id form; /* the option that chose the output; OPTIONS: none has */
	enum option_id only; /* --help or --version; OPTIONS: neither */
};

/* Reports that an option has a value that it can't have. */
static void expected(struct walk *w, enum option_id id, const char *value, const char *what)
{
	char buf[600];
	struct text t = TEXT_OF(buf);

	text_strs(&t, "--", option_rows[id].name, ": found ", NULL);
	text_quoted(&t, value);
	text_strs(&t, ", expected ", what, NULL);
	asked_mistake(buf, NULL);
	w->wrong = true;
}

static bool read_time(struct walk *w, enum option_id id, const char *value, int64_t *ret_us)
{
	if (when_read(value, w->a->now_us, ret_us) == 0)
		return true;
	expected(w, id, value,
		 "a time like today, yesterday, 2026-11-28, \"2026-11-28 14:00\", 14:00 or -2h");
	return false;
}

static void read_by(struct walk *w, const char *value)
{
	struct hint hint = { .word = value, .len = strlen(value) };
	char buf[160];
	struct text t = TEXT_OF(buf);
	int i;

	for (i = 0; i < BOOK_TABLES; i++) {
		hint_offer(&hint, book_names[i]);
		if (strcmp(value, book_names[i]) == 0) {
			w->a->has_by = true;
			w->a->by = (enum book_table)i;
			return;
		}
	}
	text_str(&t, "user, client, dest, rule, end or hour");
	if (hint.best)
		text_strs(&t, "; did you mean ", hint.best, "?", NULL);
	expected(w, OPTION_BY, value, buf);
}

static void read_top(struct walk *w, const char *value)
{
	size_t n = 0;
	const char *p = value;

	for (; *p >= '0' && *p <= '9' && n <= ASKED_TOP_MAX; p++)
		n = n * 10 + (size_t)(*p - '0');
	if (*p || n == 0 || n > ASKED_TOP_MAX)
		expected(w, OPTION_TOP, value, "a number of rows from 1 to 1000000");
	else
		w->a->top = n;
}

/* Chooses the output. Another one must not have been chosen. */
static void choose(struct walk *w, enum option_id id, enum asked_output output, const char *file)
{
	if (w->form != OPTIONS && w->form != id) {
		asked_mistake("--", option_rows[w->form].name, " and --", option_rows[id].name,
			      " are two outputs: run picosocks5-report once for each", NULL);
		w->wrong = true;
		return;
	}
	w->form = id;
	w->a->output = output;
	w->a->file = file;
	if (!file || *file)
		return;
	expected(w, id, file, "the name of a file, or - for standard output");
}

static void apply(struct walk *w, enum option_id id, const char *value)
{
	switch (id) {
	case OPTION_SINCE:
		w->a->has_since = read_time(w, id, value, &w->a->since_us);
		break;
	case OPTION_UNTIL:
		w->a->has_until = read_time(w, id, value, &w->a->until_us);
		break;
	case OPTION_BY:
		read_by(w, value);
		break;
	case OPTION_TOP:
		read_top(w, value);
		break;
	case OPTION_NOW:
		w->a->now = true;
		break;
	case OPTION_JSON:
		choose(w, id, OUTPUT_JSON, NULL);
		break;
	case OPTION_CSV:
		choose(w, id, OUTPUT_CSV, NULL);
		break;
	case OPTION_HTML:
		choose(w, id, OUTPUT_HTML, value);
		break;
	case OPTION_METRICS:
		choose(w, id, OUTPUT_METRICS, value);
		break;
	case OPTION_HELP:
	case OPTION_VERSION:
		if (w->only == OPTIONS)
			w->only = id;
		break;
	case OPTIONS:
		break;
	}
}

/* Returns the option of what getopt_long() returned, or OPTIONS. */
static enum option_id option_of(int c)
{
	int i;

	for (i = 0; i < OPTIONS; i++)
		if (c == LONG_BASE + i || (option_rows[i].letter && c == option_rows[i].letter))
			break;
	return (enum option_id)i;
}

static void unknown(struct walk *w)
{
	char buf[800];
	struct text t = TEXT_OF(buf);

	option_unknown(&t, w->argv[w->at]);
	asked_mistake(buf, NULL);
	w->unknown = w->at;
	w->wrong = true;
}

static void bad_value(struct walk *w, enum option_id id)
{
	char buf[200];
	struct text t = TEXT_OF(buf);

	option_bad_value(&t, id);
	asked_mistake(buf, NULL);
	w->wrong = true;
}

static void take_file(struct walk *w, char *arg)
{
	/* The value of an option that does not exist is part of the same mistake. */
	if (w->at == w->unknown + 1 && !strchr(w->argv[w->unknown], '='))
		return;
	if (!*arg) {
		asked_mistake("the name of a FILE is empty; is a variable not set?", NULL);
		w->wrong = true;
	}
	/* Options that have been read are not needed any more. */
	w->argv[1 + w->n_files++] = arg;
}

/* Takes what getopt_long() returned. */
static void take(struct walk *w, int c)
{
	bool bad = c == '?' || c == ':';
	enum option_id id = option_of(bad ? optopt : c);

	if (c == ARGUMENT)
		take_file(w, optarg);
	else if (w->at == w->unknown)
		return;
	else if (id == OPTIONS || option_is_misread(w->argv[w->at], id))
		unknown(w);
	else if (bad)
		bad_value(w, id);
	else
		apply(w, id, optarg);
}

static void walk(struct walk *w, int argc)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	int i, c;

	for (i = 0; i < OPTIONS; i++)
		longs[i] =
			(struct option){ option_rows[i].name,
					 *option_rows[i].argument ? required_argument : no_argument,
					 NULL, LONG_BASE + i };
	opterr = optind = 0;
	for (;;) {
		w->at = optind ? optind : 1;
		c = getopt_long(argc, w->argv, "-:hV", longs, NULL);
		if (c == -1)
			break;
		take(w, c);
	}
	for (; optind < argc; optind++) {
		w->at = optind;
		take_file(w, w->argv[optind]);
	}
}

int asked_read(struct asked *a, int argc, char **argv, int64_t now_us)
{
	struct walk w = { .a = a, .argv = argv, .unknown = -2, .form = OPTIONS, .only = OPTIONS };
	int status;

	*a = (struct asked){ .by = BOOK_USER, .now_us = now_us };
	walk(&w, argc);
	if (w.only != OPTIONS) {
		status = w.only == OPTION_HELP ? option_print_help() : option_print_version();
		return status ? status : -1;
	}
	a->files = argv + 1;
	a->n_files = w.n_files;
	return w.wrong || !asked_check(a) ? EX_USAGE : EX_OK;
}

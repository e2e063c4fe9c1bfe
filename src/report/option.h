/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of picosocks5-report: their names, their help, and what to say about unknown ones. */
#ifndef REPORT_OPTION_H
#define REPORT_OPTION_H

#include "base/text.h"

#include <stdbool.h>

enum option_id {
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_BY,
	OPTION_TOP,
	OPTION_NOW,
	OPTION_JSON,
	OPTION_CSV,
	OPTION_HTML,
	OPTION_METRICS,
	OPTION_HELP,
	OPTION_VERSION,
	OPTIONS,
};

struct option_row {
	const char *name;
	const char *argument; /* ""; or the name of its value in the help */
	const char *help;     /* lines */
	char letter;	      /* 0: none */
};

/* Index: enum option_id. */
extern const struct option_row option_rows[OPTIONS];

/*
 * Returns true if getopt_long() takes an argument for an option that it is not: an abbreviation
 * ("--js"), or a whole name behind one dash ("-help").
 */
bool option_is_misread(const char *written, enum option_id id);

/* Appends that the option has no value and needs one, or has one and takes none. */
void option_bad_value(struct text *t, enum option_id id);

/* Appends that there is no such option, and the nearest there is, or where to look. */
void option_unknown(struct text *t, const char *written);

/* Print to standard output. Return 0, or 74 (EX_IOERR) after a message on standard error. */
int option_print_help(void);
int option_print_version(void);

#endif

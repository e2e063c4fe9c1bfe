/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line of picosocks5-report asks for. */
#ifndef REPORT_ASKED_H
#define REPORT_ASKED_H

#include "report/book.h"

#include <stdbool.h>
#include <stdint.h>

enum asked_output {
	OUTPUT_TERMINAL,
	OUTPUT_JSON,
	OUTPUT_CSV,
	OUTPUT_HTML,
	OUTPUT_METRICS,
};

enum { ASKED_TOP_MAX = 1000000 };

/* The strings are those of argv. */
struct asked {
	enum asked_output output;
	bool now;		    /* the sessions of this moment, not those of a log */
	const char *file;	    /* of --html and --metrics; "-": standard output */
	bool has_since, has_until;  /* false: from the first line on; up to the last */
	int64_t since_us, until_us; /* Unix time; a session at until_us itself does not count */
	int64_t now_us;		    /* the present, in Unix time */
	bool has_by;
	enum book_table by; /* BOOK_USER, unless has_by */
	size_t top;	    /* rows of a table; 0: as many as the output shows by itself */
	char *const *files; /* "-": standard input */
	int n_files;	    /* 0: the journal, and has_since is true */
};

/*
 * Reads the command line; now_us is the present, in Unix time. Moves the names of files to the
 * front of argv. Returns 0, or -1 after --help or --version, or an exit status after a message on
 * standard error: 64 (EX_USAGE), 74 (EX_IOERR) if the help can't be written.
 */
int asked_read(struct asked *a, int argc, char **argv, int64_t now_us);

/*
 * Checks that the options go together, and fills in what they leave open. Returns true, or false
 * after a message on standard error.
 */
bool asked_check(struct asked *a);

/* Writes a message on standard error: the strings, of which the last is NULL. */
void asked_mistake(const char *first, ...) __attribute__((sentinel));

#endif

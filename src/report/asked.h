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
	OUTPUT_NOW,
};

/* The strings are those of argv. */
struct asked {
	enum asked_output output;
	const char *file;	    /* of --html and --metrics; "-": standard output */
	bool has_since, has_until;  /* false: from the first line on; up to the last */
	int64_t since_us, until_us; /* Unix time; a session at until_us itself does not count */
	bool has_by;
	enum book_table by; /* BOOK_USER, unless has_by */
	size_t top;	    /* rows of a table; 0: as many as the output shows by itself */
	char *const *files; /* "-": standard input */
	int n_files;	    /* 0: the journal */
};

/*
 * Reads the command line; now_us is the present, in Unix time. Returns 0, or -1 after --help or
 * --version, or 64 (EX_USAGE) after a message on standard error.
 */
int asked_read(struct asked *a, int argc, char **argv, int64_t now_us);

#endif

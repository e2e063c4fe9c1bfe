/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sessions come from: the journal, and lines of files. One pass, in bounded memory. */
#ifndef REPORT_INPUT_H
#define REPORT_INPUT_H

#include "report/asked.h"
#include "report/progress.h"

/*
 * Counts the sessions between asked->since and until, from the files, or from the journal if there
 * are none. Stops at the first file that can't be read, because a report that lacks a file would be
 * wrong. Returns 0, or an exit status after a message on standard error: 66 (EX_NOINPUT) for a file
 * or journal that can't be read, 71 (EX_OSERR) for lack of memory.
 */
int input_read(struct book *b, const struct asked *a);

/* Does the same with one file. "-" is standard input; a file of gzip is recognised by its bytes. */
int input_file(struct book *b, const struct asked *a, const char *path, struct progress *p);

/* Does the same with the journal; asked->has_since is true. */
int input_journal(struct book *b, const struct asked *a, struct progress *p);

/* Writes "picosocks5-report: NAME: REASON" to standard error. Returns 66, or 71 for -ENOMEM. */
int input_complain(struct progress *p, const char *name, const char *reason, int err);

/*
 * Counts a line, without its newline. now_us is the present; of a year that a line leaves out, the
 * latest is meant that lies not after tomorrow. Returns 0 or -ENOMEM.
 */
int input_line(struct book *b, const struct asked *a, const char *line, size_t n, int64_t now_us);

/* Counts a line that is too long to be kept, by its first n bytes: as skipped, or not at all. */
void input_long_line(struct book *b, const struct asked *a, const char *head, size_t n,
		     int64_t now_us);

/* Counts the text that the program logged at this time. Returns 0 or -ENOMEM. */
int input_text(struct book *b, const char *text, size_t n, bool has_time, int64_t time_us);

#endif

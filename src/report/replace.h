/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replaces a file in one step: who reads it sees all of the old one or all of the new one. Between
 * the two functions, the signals that would end the process are held back, so that no file is left
 * over.
 */
#ifndef REPORT_REPLACE_H
#define REPORT_REPLACE_H

#include <signal.h>
#include <stdio.h>

struct replace {
	FILE *out;	  /* what the caller writes to */
	const char *path; /* borrowed */
	char *temp;	  /* the file beside it */
	sigset_t mask;
};

/*
 * Makes an empty file beside path. It is readable by all (0644, less the umask). path must be a
 * regular file, not a symbolic link, or not exist. If it is not empty, it must begin with
 * beginning (at most 64 bytes), as all reports of this form do: so no log is lost by a mistake.
 * Returns 0, or an exit status after a message on standard error: 73 (EX_CANTCREAT), 71 (EX_OSERR).
 */
int replace_begin(struct replace *r, const char *path, const char *beginning);

/*
 * Brings what was written to the disk, and renames the file to path; or removes it if that fails.
 * Returns 0, or 74 (EX_IOERR) or 73 after a message on standard error.
 */
int replace_end(struct replace *r);

#endif

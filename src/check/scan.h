/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges every line of the users file, for --check. A session judges only the line of the user who
 * logs in.
 */
#ifndef CHECK_SCAN_H
#define CHECK_SCAN_H

#include "users/htpasswd.h"

/* A remark about a line: the fault, or, if there is none, the warnings. */
struct scan_remark {
	struct htpasswd_line line; /* valid during the call; print its name, never its hash */
	enum htpasswd_fault fault;
	enum pwhash_scheme scheme; /* if the fault is _GOOD, _MALFORMED or _UNSUPPORTED */
	size_t first;		   /* _DUPLICATE: the line that counts */
	const char *library;	   /* _UNSUPPORTED: the library that can't be loaded, or NULL */
	bool weak, slow;	   /* see struct pwhash */
	bool blank;		   /* the name begins or ends with a space or a tab */
};
typedef void scan_report(void *ctx, const struct scan_remark *remark);

/*
 * Reads the whole file and reports, in order, each line that has a fault or deserves a warning.
 * Tries the libraries that the file needs. Returns the number of users that can log in, or a
 * negative errno. Maps memory for the file and its names, and unmaps it.
 */
long scan_users(int fd, scan_report *report, void *ctx);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file: lines "name:hash", further fields ignored, '#' at the beginning of a line starts
 * a comment, blank lines count for nothing, CRLF is a line end. Pure: it looks into its caller's
 * bytes.
 */
#ifndef POLICY_HTPASSWD_H
#define POLICY_HTPASSWD_H

#include "policy/pwhash.h"

enum { HTPASSWD_NAME_MAX = 255 };

/* One line, pointing into the file's bytes; no string ends with NUL. hash is NULL without a ':'. */
struct htpasswd_line {
	const char *name, *hash;
	size_t namelen, hashlen;
};

enum htpasswd_fault {
	HTPASSWD_GOOD,
	HTPASSWD_NO_COLON,
	HTPASSWD_NO_NAME,
	HTPASSWD_LONG_NAME, /* over HTPASSWD_NAME_MAX: RFC 1929 can't say it */
	HTPASSWD_NO_HASH,
	HTPASSWD_PLAIN,
	HTPASSWD_UNKNOWN_SCHEME,
	HTPASSWD_MALFORMED,
	HTPASSWD_DUPLICATE, /* an earlier line of that name counts */
};

/* Where a walk over lines stands. */
struct htpasswd_walk {
	const char *p, *end;
	size_t number; /* of the line returned last, from 1 */
};

/* Begins a walk over the n bytes at p. */
void htpasswd_walk(struct htpasswd_walk *w, const char *p, size_t n);

/* The next line that is neither blank nor a comment; false at the end. */
bool htpasswd_next(struct htpasswd_walk *w, struct htpasswd_line *ret);

/* What is wrong with a line alone; *ret as pwhash_judge() leaves it. Never HTPASSWD_DUPLICATE. */
enum htpasswd_fault htpasswd_judge(const struct htpasswd_line *line, struct pwhash *ret);

/* False for a name that no line can have: empty, too long, with ':', NUL, CR or LF, '#' first. */
bool htpasswd_name_ok(const char *name, size_t namelen);

/*
 * The first line of that name among the n bytes at p, which begin at a line's start and hold whole
 * lines (the last may lack its end). The name is one that htpasswd_name_ok() likes.
 */
bool htpasswd_find(const char *p, size_t n, const char *name, size_t namelen,
		   struct htpasswd_line *ret);

/* What was found and what is expected instead, for a message; never a part of the line itself. */
const char *htpasswd_found(enum htpasswd_fault fault);
const char *htpasswd_expected(enum htpasswd_fault fault);

#endif

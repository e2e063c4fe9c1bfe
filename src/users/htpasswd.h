/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file: lines "name:hash", further fields ignored, '#' at the beginning of a line starts
 * a comment, blank lines count for nothing, CRLF is a line end. Pure: it looks into its caller's
 * bytes and copies none.
 */
#ifndef USERS_HTPASSWD_H
#define USERS_HTPASSWD_H

#include "users/pwhash.h"

enum { HTPASSWD_NAME_MAX = 255 };

/* One line. It points into the file's bytes; nothing in it ends with NUL. */
struct htpasswd_line {
	size_t number;	  /* from 1 */
	const char *name; /* empty where the line has no ':' */
	size_t namelen;
	const char *hash; /* NULL where the line has no ':' */
	size_t hashlen;
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
	HTPASSWD_DUPLICATE,   /* an earlier line of that name counts */
	HTPASSWD_UNSUPPORTED, /* this system or this build can't compute the hash */
};

/* A walk over lines, in as many pieces as the caller likes. Begin with all zero. */
struct htpasswd_walk {
	const char *p, *end;
	size_t number; /* lines seen */
};

/* Goes on with the n bytes at p: whole lines, only the last may lack its end. */
void htpasswd_feed(struct htpasswd_walk *w, const char *p, size_t n);

/* The next line that is neither blank nor a comment; false at the end. */
bool htpasswd_next(struct htpasswd_walk *w, struct htpasswd_line *ret);

/* False for a name that no line can have: empty, too long, with ':', NUL, CR or LF, '#' first. */
bool htpasswd_name_ok(const char *name, size_t namelen);

/*
 * Walks to the end, past what is found too, and returns whether a line has that name; *ret is the
 * first one. The name is one that htpasswd_name_ok() likes.
 */
bool htpasswd_find(struct htpasswd_walk *w, const char *name, size_t namelen,
		   struct htpasswd_line *ret);

/*
 * What is wrong with a line, taken alone; *ret as pwhash_judge() leaves it. Never _DUPLICATE or
 * _UNSUPPORTED.
 */
enum htpasswd_fault htpasswd_judge(const struct htpasswd_line *line, struct pwhash *ret);

/* What was found, what is expected: for messages. Constant strings, no part of any line. */
const char *htpasswd_found(enum htpasswd_fault fault);
const char *htpasswd_expected(enum htpasswd_fault fault);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The format of the users file: lines of "name:hash". Further fields, blank lines, and lines that
 * begin with '#' are ignored; a line may end with CRLF. Pure: never copies the bytes of the file.
 */
#ifndef USERS_HTPASSWD_H
#define USERS_HTPASSWD_H

#include "users/pwhash.h"

enum { HTPASSWD_NAME_MAX = 255 };

/* A line. It points into the bytes of the file, and nothing in it is NUL-terminated. */
struct htpasswd_line {
	size_t number;	  /* from 1 */
	const char *name; /* empty if the line has no colon */
	size_t namelen;
	const char *hash; /* NULL if the line has no colon */
	size_t hashlen;
};

enum htpasswd_fault {
	HTPASSWD_GOOD,
	HTPASSWD_NO_COLON,
	HTPASSWD_NO_NAME,
	HTPASSWD_LONG_NAME, /* over HTPASSWD_NAME_MAX: RFC 1929 can't transfer it */
	HTPASSWD_NO_HASH,
	HTPASSWD_PLAIN,
	HTPASSWD_UNKNOWN_SCHEME,
	HTPASSWD_MALFORMED,
	HTPASSWD_BLANK,	      /* {CRAM-MD5} of the empty password */
	HTPASSWD_NOT_CHAP,    /* the hash can't answer a challenge: it is not {CRAM-MD5} */
	HTPASSWD_DUPLICATE,   /* an earlier line has that name, and counts */
	HTPASSWD_UNSUPPORTED, /* this system or this build can't compute the hash */
};

/* A walk over the lines of a file, which may come in pieces. Begins as all zero. */
struct htpasswd_walk {
	const char *p, *end;
	size_t number; /* of lines seen so far */
};

/* Continues with the n bytes at p. They are whole lines; only the last may lack its end. */
void htpasswd_feed(struct htpasswd_walk *w, const char *p, size_t n);

/* Finds the next line that is neither blank nor a comment. Returns false at the end. */
bool htpasswd_next(struct htpasswd_walk *w, struct htpasswd_line *ret);

/*
 * Returns true if a line can have that name: it is not empty or too long, does not begin with '#',
 * and contains no colon, NUL, CR or LF.
 */
bool htpasswd_name_ok(const char *name, size_t namelen);

/*
 * Finds the first line that has that name, which htpasswd_name_ok() accepts. Returns false if there
 * is none. Always walks to the end, even after it has found the line.
 */
bool htpasswd_find(struct htpasswd_walk *w, const char *name, size_t namelen,
		   struct htpasswd_line *ret);

/*
 * Returns the fault of a line by itself, never _NOT_CHAP, _DUPLICATE or _UNSUPPORTED. Fills *ret as
 * pwhash_judge() does.
 */
enum htpasswd_fault htpasswd_judge(const struct htpasswd_line *line, struct pwhash *ret);

/*
 * Return what is wrong with a line, and what to do about it, for messages. Constant strings: they
 * contain no part of any line.
 */
const char *htpasswd_explain(enum htpasswd_fault fault);
const char *htpasswd_remedy(enum htpasswd_fault fault);

#endif

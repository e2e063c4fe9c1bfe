/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gets a new password from the person or the pipe at standard input. Never prints it. */
#ifndef CHECK_PASSWORD_H
#define CHECK_PASSWORD_H

#include "users/pwhash.h"
#include "base/text.h"

enum {
	PASSWORD_MAX = 255,		  /* the most that a client can send (RFC 1929) */
	PASSWORD_LINE = PASSWORD_MAX + 1, /* with a CR, or with one byte too many */
};

/* A password, and the second one with which it is compared. The caller wipes both. */
struct password {
	char first[PASSWORD_LINE + 1], second[PASSWORD_LINE + 1];
};

/*
 * Asks twice for the password of a user if standard input is a terminal, without echo; else reads
 * one line of it. Returns 0, with the string in ret->first; or an exit status, with the reason in
 * why: 64 (EX_USAGE) for a password that no user can log in with by this scheme, or two that
 * differ; 71 (EX_OSERR) if it can't be read.
 */
int password_get(const char *name, enum pwhash_scheme scheme, struct password *ret,
		 struct text *why);

#endif

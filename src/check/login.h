/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the client of a question before its request: the greeting and the login. */
#ifndef CHECK_LOGIN_H
#define CHECK_LOGIN_H

#include "base/text.h"
#include "options/options.h"

enum login_end {
	LOGIN_FINE,
	LOGIN_UNCHECKED, /* the users file can't be read by the one who asks */
	LOGIN_NO_METHOD, /* 05 FF: no acceptable method */
	LOGIN_NEEDED,	 /* the same: the question names no user, and a password is required */
	LOGIN_WRONG,	 /* status 1: nobody logs in by this name */
};

/* The results for the last user and for each scheme so far. Begins as all zero. */
struct login_memory {
	char user[HTPASSWD_NAME_MAX + 1];
	int err;
	size_t line;
	enum htpasswd_fault fault;
	enum pwhash_scheme scheme;
	struct {
		bool known;
		int err;
		const char *library; /* of -ELIBACC */
	} schemes[PWHASH_DES + 1];
};

/*
 * Appends a sentence about the reason to *t; or nothing if there is none, or if it is that the
 * rules allow this client nothing at all. Never writes a hash. Reads the users file if there is
 * one.
 */
enum login_end login_judge(const struct options *o, const struct rules_question *question,
			   struct login_memory *memory, struct text *t);

/* Returns true if clients can log in with a password. */
bool login_takes_passwords(const struct options *o);

/* Returns true if a client that offers no password and a password is not asked for its name. */
bool login_is_passed_over(const struct options *o, const struct rules_question *question);

#endif

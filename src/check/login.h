/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the client of a question before its request: the greeting and the login. */
#ifndef CHECK_LOGIN_H
#define CHECK_LOGIN_H

#include "check/way.h"

enum login_end {
	LOGIN_FINE,
	LOGIN_UNCHECKED, /* another program decides, or the users file can't be read */
	LOGIN_NO_METHOD, /* 05 FF: no acceptable method */
	LOGIN_NEEDED,	 /* the same: the question names no user, and a login is required */
	LOGIN_WRONG,	 /* nobody logs in by this name */
};

struct login {
	enum login_end end;
	const char *gets; /* what the client gets, a sentence; NULL: what the rules say */
};

/*
 * Appends a sentence about the reason to *t; or nothing if there is none, or if it is that the
 * rules allow this client nothing at all. Never writes a hash. Reads the users file if there is
 * one.
 */
struct login login_judge(const struct options *o, const struct rules_question *question,
			 struct login_memory *memory, struct text *t);

/*
 * Appends what there is to say about the i-th method of --auth if the user of the question is let
 * in by one of them: that the client is not asked for its name, or not let in, if it offers this
 * one; or that there is a choice. Returns false if there is nothing to say.
 */
bool login_note(const struct options *o, const struct rules_question *question,
		struct login_memory *memory, uint8_t i, struct text *t);

/* Returns true if clients can log in. */
bool login_is_possible(const struct options *o);

/*
 * Appends that the client of the question, which is let in, must use TLS, and why. Returns false if
 * it need not.
 */
bool login_note_tls(const struct options *o, const struct rules_question *question,
		    struct login_memory *memory, struct text *t);

#endif

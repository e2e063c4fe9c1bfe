/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to one question of --explain: what a real session would do, and why. */
#ifndef CHECK_ANSWER_H
#define CHECK_ANSWER_H

#include "check/login.h"

enum answer_kind {
	ANSWER_ADDRESS,	  /* the verdict about one address, or about one that is not known */
	ANSWER_ROUTE,	  /* how the connection to that address leaves */
	ANSWER_LOGIN,	  /* why the client does not get as far as a request */
	ANSWER_UNCHECKED, /* what could not be checked */
	ANSWER_NOTE,
};

struct answer_line {
	enum answer_kind kind;
	enum rules_verdict verdict; /* of ANSWER_ADDRESS; RULES_DEPENDS: not known */
	const char *about;	    /* the address; NULL: the text says it */
	const char *text;	    /* a sentence; valid during the call */
};

typedef void answer_say(void *ctx, const struct answer_line *line);

/*
 * Answers a question: calls say() for each line of the answer. Looks names up, but never connects.
 * Returns RULES_ALLOW if any address of the destination is allowed and the client gets as far;
 * RULES_DEPENDS if that is not known, because the question leaves something open, the name is not
 * found, or an error on this host prevents the decision; otherwise RULES_DENY.
 */
enum rules_verdict answer_question(const struct options *o, const struct rules_question *question,
				   struct login_memory *memory, answer_say *say, void *ctx);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question while it is answered, and the part of the answer that the rules give. */
#ifndef CHECK_ASKING_H
#define CHECK_ASKING_H

#include "check/answer.h"

struct asking {
	const struct options *o;
	const struct rules_question *question;
	answer_say *say;
	void *ctx;
	bool seen[3];	/* the verdicts about addresses so far, by enum rules_verdict */
	bool undecided; /* an error on this host prevented a decision */
	int reply;     /* of an error in the lookup, or to a command that a parent lacks; 0: none */
	bool user_may; /* a user may be allowed what the client without a name is denied */
	struct rules_where user_rule; /* the rule that asks for the user; .text NULL: not clear */
};

/* Passes a line of the answer on. */
void asking_say(struct asking *a, enum answer_kind kind, const char *about, const char *text);

/* Returns the question as the rules take it, about this address; NULL: it is not known. */
struct rules_query asking_query(const struct asking *a, const union endpoint *addr);

/*
 * Returns true if the question names a destination. The unspecified address of BIND and UDP
 * ASSOCIATE is none: it stands for any.
 */
bool asking_has_destination(const struct asking *a);

/* Looks the destination up, unless a parent gets the name as it is, and says the verdict about each
 * address. */
void asking_rules(struct asking *a);

#endif

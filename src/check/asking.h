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
	bool denied;	/* the rules deny an address */
	int reply;	/* of an error in the lookup, or of a route that can't be used; 0: none */
	enum net_family family; /* that names are looked up for */
	bool kept;		/* an address was found by which a session goes on, or ends */
	struct route first;	/* the route of the first such address */
	bool user_may;		/* a user may be allowed what the client without a name is denied */
	struct rules_where user_rule; /* the rule that asks for the user; .text NULL: not clear */
};

/* ---- asked.c ---- */

/* Passes a line of the answer on. */
void asking_say(struct asking *a, enum answer_kind kind, const char *about, const char *text);

/* Passes a verdict on: about an address, or NULL. */
void asking_verdict(struct asking *a, enum rules_verdict verdict, const char *about,
		    const char *text);

/* Returns the question as the rules take it, about this address; NULL: it is not known. */
struct rules_query asking_query(const struct asking *a, const union endpoint *addr);

/*
 * Returns true if the question names a destination. The unspecified address of BIND and UDP
 * ASSOCIATE is none: it stands for any.
 */
bool asking_has_destination(const struct asking *a);

/* ---- allowed.c ---- */

/*
 * Says, in these words, that the rules allow the destination of the query, and how the connection
 * leaves; or why its route does not lead there.
 */
void asking_allow(struct asking *a, const char *about, const struct rules_query *query,
		  const struct rules_decision *decision, const char *text);

/*
 * If the rules allow the name alone, and the connection leaves through a parent, a session does not
 * look the name up: then says so, and returns true. Otherwise sets a->family.
 */
bool asking_allow_name(struct asking *a);

/* ---- asking.c ---- */

/*
 * Looks the destination up, unless a parent gets the name as it is, and says the verdict about each
 * address.
 */
void asking_rules(struct asking *a);

#endif

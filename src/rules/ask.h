/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question that has been prepared once, so that it can be compared quickly with ten thousand
 * rules. For rules/ alone.
 */
#ifndef RULES_ASK_H
#define RULES_ASK_H

#include "rules/words.h"

/* There are three answers because parts of a question may not be known yet. */
enum answer { NO, MAYBE, YES };

/* How to match: a NET means more in a deny rule than in an allow rule. */
enum mode {
	MATCH_DENY,    /* the address, and the IPv4 addresses inside it */
	MATCH_ALLOW,   /* the address alone */
	MATCH_SPECIAL, /* of an allow rule, only the items that name special destinations */
};

/* An address prepared for many comparisons. */
struct subject {
	const union endpoint *addr; /* NULL: none, or not known yet */
	bool open;		    /* not known yet, so any item may match it */
	bool self_open;		    /* without is_self(), it may be an address of this host */
	bool self_asked, self;
	bool hidden_self; /* a hidden address is an address of this host */
	bool is_client;	  /* the client, not a destination */
	rules_is_self *is_self;
	const void *ctx; /* passed to is_self() */
	int self_err;	 /* the errno of is_self(): conclusions from its answer are void; 0: none */
	int family;
	uint32_t v4, v6[4];
	unsigned groups;
	unsigned hidden_groups, hidden_count;
	struct addr_embedded hidden[ADDR_EMBEDDED_MAX]; /* IPv4 addresses inside an IPv6 one */
};

/* A prepared question. */
struct ask {
	struct subject from, to;
	struct name_keys name;
	bool name_known;
	const char *user;
	uint32_t user_key; /* of the user; 0: none, or a name that no rule can have */
	bool any_user;	   /* a user whose name is not known */
	unsigned commands; /* the command, or the set of those that it may be */
	uint16_t port;	   /* 0: not known */
	bool local;
	unsigned open; /* 1 << enum section_kind of each section that rule_holds() found MAYBE in */
};

/* Prepares a question. decide.c */
void ask_prepare(struct ask *ask, const struct rules_query *query);

/* Prepares an address for comparisons; NULL: it is not known. */
void subject_prepare(struct subject *ret, const union endpoint *addr, rules_is_self *is_self,
		     const void *ctx);

/* Asks is_self() about the address and the hidden ones, unless it has been asked already. */
void subject_ask_self(struct subject *subject);

/* The runs of one text, and its bytes, which names and users point into. */
struct runs {
	const uint32_t *p, *end;
	const char *text, *text_end;
};

/* Returns whether the client (ask->from) or destination (ask->to) is in this run. address.c */
enum answer addresses_hold(const uint32_t *run, const struct runs *runs, struct ask *ask,
			   struct subject *subject, enum mode mode);

/* Returns whether all conditions of the rule hold. match.c */
enum answer rule_holds(const struct rules *rules, const struct rule *rule, struct ask *ask,
		       enum mode mode);

/* Returns whether they hold, in the mode of the rule's verdict. match.c */
enum answer rule_answers(const struct rules *rules, const struct rule *rule, struct ask *ask);

/*
 * Returns the first rule before `end` (NULL: of all) that may hold and needs the destination's
 * address; NULL: there is none, or a rule before it holds without the address. gaps.c
 */
const struct rule *ask_needs_address(const struct rules *rules, struct ask *ask,
				     const struct rule *end);

/*
 * Returns true if an allow rule that holds, or may hold, covers the destination: it is ordinary, or
 * the rule names it. Sets ret->special and ret->disguised. decide.c
 */
bool rule_covers(const struct rules *rules, const struct rule *rule, struct ask *ask,
		 struct rules_decision *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question taken apart once, so that ten thousand rules can be asked quickly. For rules/
 * alone.
 */
#ifndef RULES_ASK_H
#define RULES_ASK_H

#include "rules/words.h"

/* Three answers, because parts of a question may not be known yet. */
enum answer { NO, MAYBE, YES };

/* How to match: what a NET means depends on what the rule does. */
enum mode {
	MATCH_DENY,    /* the address and those inside it */
	MATCH_ALLOW,   /* the address as it stands */
	MATCH_SPECIAL, /* allow: only by what names special destinations */
};

/* An address prepared for many comparisons. */
struct subject {
	const union endpoint *addr; /* NULL: none, or not known */
	bool open;		    /* not known yet: it may still match */
	bool self_open;		    /* whether it is of this host is not known and may be */
	bool self_asked, self;
	bool hidden_self; /* one of the hidden addresses is of this host */
	bool is_client;	  /* not a destination */
	rules_is_self *is_self;
	const void *ctx; /* handed to it */
	int self_err;	 /* of is_self(): nothing that follows from its answer is true */
	int family;
	uint32_t v4, v6[4];
	unsigned groups;
	unsigned hidden_groups, hidden_count;
	struct addr_embedded hidden[ADDR_EMBEDDED_MAX];
};

/* A question prepared. */
struct ask {
	struct subject from, to;
	struct name_keys name;
	bool name_known;
	const char *user;
	bool any_user;	   /* some user, not known which */
	unsigned commands; /* those that it may be */
	uint16_t port;	   /* 0: not known */
	bool local;
};

void subject_prepare(struct subject *ret, const union endpoint *addr, rules_is_self *is_self,
		     const void *ctx);

/* Asks whether the address, or one inside it, is of this host; once. */
void subject_ask_self(struct subject *subject);

/* One text's runs, and the bytes that names and users point into. */
struct runs {
	const uint32_t *p, *end;
	const char *text, *text_end;
};

/* Is the client (ask->from) or the destination (ask->to) one of those? address.c */
enum answer addresses_hold(const struct rules *rules, struct runs runs, struct ask *ask,
			   struct subject *subject, enum mode mode);

/* Does all that the rule asks for hold? */
enum answer rule_holds(const struct rules *rules, const struct rule *rule, struct ask *ask,
		       enum mode mode);

#endif

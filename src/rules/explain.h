/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access rules for people: questions in words, and decisions, mistakes and findings as sentences. A
 * session needs nothing of this but the words of a mistake.
 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "rules/rules.h"

/* Something legal that is probably not meant. */
struct rules_warning {
	struct rules_where rule;  /* .text NULL: about all, or a line of a list if .file is set */
	struct rules_where other; /* the earlier rule that is to blame; .text NULL: none */
	const char *words;	  /* one phrase, constant; `other` completes it if there is one */
};

enum {
	RULES_AUTH_NONE = 1,	 /* --auth has `none` */
	RULES_AUTH_PASSWORD = 2, /* --auth has a method that gives a user */
};

/*
 * Looks for rules that can't match, for no allow rule, for an open proxy. auth is a set of
 * RULES_AUTH_*. Calls warn for each finding, in the order of the rules. Meant for --check:
 * takes time with the square of the number of rules at worst.
 */
void rules_review(const struct rules *rules, unsigned auth,
		  void (*warn)(void *ctx, const struct rules_warning *warning), void *ctx);

/* A question in words: `from ADDR user NAME to DEST port N command CMD`, in any order. */
struct rules_question {
	enum client_kind kind;
	union endpoint client;
	char user[256]; /* empty: none */
	enum rules_command command;
	struct dest dest; /* addr AF_UNSPEC and name empty: not given; port 0: not given */
};

/*
 * Reads such a question. `from` is an address, `local` or `unknown`. Left out: from local,
 * command connect, no user; what `to` and `port` leave open stays unknown.
 * Only host->service is used. Returns 0, or -EINVAL and fills *mistake (file NULL).
 */
int rules_question_parse(const struct rules_host *host, const char *text, size_t len,
			 struct rules_question *ret, struct rules_error *mistake);

/*
 * Writes the reason of a decision as one sentence without a final newline, bytes outside 0x20 to
 * 0x7e escaped, cut to size (at least 1), NUL-terminated: "denied by FILE:LINE: deny
 * to 10.0.0.0/8". Returns the length written.
 */
size_t rules_explain(const struct rules_decision *decision, char *buf, size_t size);

/* Writes a finding in the same manner: `FILE:LINE: deny "TEXT": can never match...`. */
size_t rules_warning_format(const struct rules_warning *warning, char *buf, size_t size);

/* Writes the mistake in the same manner: `FILE:LINE: found "WORD", expected ...`. */
size_t rules_error_format(const struct rules_error *mistake, char *buf, size_t size);

/* "loopback", "link-local", ...; "ordinary". */
const char *rules_special_name(enum rules_special special);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access rules for people: questions in words, and decisions, mistakes and warnings as sentences. A
 * serving process uses it only to report a mistake in the configuration.
 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include "base/text.h"
#include "rules/route.h"

/* A warning of something that is legal and probably not intended. */
struct rules_warning {
	/* If .text is NULL: about a line of a list; if .file is NULL too: about all rules. */
	struct rules_where rule;
	struct rules_where other; /* the earlier rule that is the reason; .text NULL: none */
	const char *words;	  /* a phrase, valid during the call; `other` completes it */
};

enum {
	RULES_AUTH_NONE = 1,	 /* --auth has `none` */
	RULES_AUTH_PASSWORD = 2, /* --auth has a method that gives a client a user name */
};

/*
 * Looks for rules that can never match, for an open proxy, and for rules that allow nothing. auth
 * is a set of RULES_AUTH_*. Calls warn() for each finding, in the order of the rules. For --check:
 * at worst, the time grows with the square of the number of rules.
 */
void rules_review(const struct rules *rules, unsigned auth,
		  void (*warn)(void *ctx, const struct rules_warning *warning), void *ctx);

/* A user that a rule names, or a line of a list of users. */
struct rules_user {
	struct rules_where rule; /* if .text is NULL: the line of a list */
	const char *name;	 /* not NUL-terminated */
	size_t len;
};
typedef void rules_user_note(void *ctx, const struct rules_user *user);

/*
 * Calls note() for each user that a rule names, in the order of the rules, and then for each line
 * of each list of users. For `*`, calls nothing.
 */
void rules_users(const struct rules *rules, rules_user_note *note, void *ctx);

/* A question in words: `from ADDR user NAME to DEST port N command CMD`, in any order. */
struct rules_question {
	enum client_kind kind;
	union endpoint client;
	char user[256]; /* empty: none */
	enum rules_command command;
	struct dest dest; /* not given: addr is AF_UNSPEC and name empty; port is 0 */
};

/*
 * Reads such a question. `from` takes an address, `local` or `unknown`. `from` and `to` may also
 * give a port: `to [2001:db8::1]:443`; that of the client has no effect. Values may be quoted, see
 * rules/value.h. A '#' at the beginning of a word begins a comment.
 *
 * Reads a session's line of the log as well: its pairs `client=`, `user=`, `command=` and `dest=`
 * are the question, and its other pairs have no effect; but after a reply of SOCKS 4 the user is
 * left out, because it is not authenticated.
 *
 * The defaults are `from local`, `command connect` and no user; a destination or port that is not
 * given is not known. Of the host, only host->service is used. Returns 0, or -EINVAL and fills
 * *mistake (file NULL).
 */
int rules_question_parse(const struct rules_host *host, const char *text, size_t len,
			 struct rules_question *ret, struct rules_error *mistake);

/* A part that a question leaves open, and the first rule that asks for it. */
struct rules_gap {
	enum rules_part part; /* RULES_PART_TO, RULES_PART_PORT or RULES_PART_USER */
	struct rules_where rule;
};

enum { RULES_GAPS_MAX = 3 };

/*
 * Finds the gaps on which the decision depends, if rules_decide() returned RULES_DEPENDS for this
 * query. Of the query, the command must be known. Fills ret[RULES_GAPS_MAX]. Returns the number of
 * gaps.
 */
unsigned rules_gaps(const struct rules *rules, const struct rules_query *query,
		    struct rules_gap *ret);

/*
 * Writes the reason of a decision as one sentence: "denied by FILE:LINE: deny "to 10.0.0.0/8"".
 * Bytes outside 0x20 to 0x7e are escaped; the text is cut to size (at least 1) and NUL-terminated,
 * and has no final newline. Returns the length written.
 */
size_t rules_explain(const struct rules_decision *decision, char *buf, size_t size);

/* Writes a rule in the same manner: `FILE:LINE: deny "TEXT"`, or `--deny "TEXT"`. */
size_t rules_where_format(const struct rules_where *rule, char *buf, size_t size);

/* Writes a warning in the same manner: `FILE:LINE: deny "TEXT": can never match...`. */
size_t rules_warning_format(const struct rules_warning *warning, char *buf, size_t size);

/*
 * Writes a mistake in the same manner: `FILE:LINE: found "WORD", expected ...`. If the mistake is
 * `unread`, it is `FILE:LINE: cannot open "@FILE"`, without the reason.
 */
size_t rules_error_format(const struct rules_error *mistake, char *buf, size_t size);

/*
 * Appends how a connection leaves by this route: "directly, from 192.0.2.9", "through the parent
 * socks5://alice:***@192.0.2.1:1080". It never has a password.
 */
void route_put(struct text *t, const struct route *route);

/*
 * Finds the first rule that needs the destination's address, up to the one that decides about the
 * name alone. Returns false if there is none. The address in the query must not be known.
 */
bool rules_needs_address(const struct rules *rules, const struct rules_query *query,
			 struct rules_where *ret);

/* Returns the name of a kind, a constant string: "loopback", "link-local", "ordinary"... */
const char *rules_special_name(enum rules_special special);

#endif

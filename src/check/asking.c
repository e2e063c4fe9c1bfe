/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the rules as a session would ask them, about the same addresses. If they can't decide, finds
 * out what the question leaves open. Knows nothing of the login.
 */
#include "check/asking.h"
#include "base/text.h"
#include "base/wait.h"
#include "net/resolve.h"

#include <errno.h>
#include <string.h>

/* Says what is missing, a line for each part of the question. */
static void say_gaps(struct asking *a, const char *about, const struct rules_query *query)
{
	/* Arrays, because every pointer has to be relocated at each start of the process. */
	static const struct {
		char name[12], add[12];
	} parts[] = {
		[RULES_PART_TO] = { "destination", "to DEST" },
		[RULES_PART_PORT] = { "port", "port N" },
		[RULES_PART_USER] = { "user", "user NAME" },
	};
	struct rules_gap gaps[RULES_GAPS_MAX];
	unsigned n = rules_gaps(&a->o->rules, query, gaps);

	for (unsigned i = 0; i < n; i++) {
		char rule[LOG_LINE_MAX], buf[LOG_LINE_MAX + 100];
		struct text t = TEXT_OF(buf);

		rules_where_format(&gaps[i].rule, rule, sizeof(rule));
		text_strs(&t, "it depends on the ", parts[gaps[i].part].name, ": add `",
			  parts[gaps[i].part].add, "` to the question; ", rule, " asks for it",
			  NULL);
		asking_verdict(a, RULES_DEPENDS, about, buf);
	}
}

/* Finds out whether a user may be allowed what the client without a name is denied. */
static void try_user(struct asking *a, struct rules_query query)
{
	struct rules_gap gaps[RULES_GAPS_MAX];
	struct rules_decision decision;
	unsigned n = 0;

	if (query.user || a->user_may || !login_is_possible(a->o))
		return;
	query.any_user = true;
	if (rules_decide(&a->o->rules, &query, &decision) == RULES_DENY)
		return;
	a->user_may = true;
	if (decision.verdict == RULES_ALLOW)
		a->user_rule = decision.rule;
	else
		n = rules_gaps(&a->o->rules, &query, gaps);
	for (unsigned i = 0; i < n; i++)
		if (gaps[i].part == RULES_PART_USER)
			a->user_rule = gaps[i].rule;
}

static void decide(struct asking *a, const char *about, const union endpoint *addr)
{
	const struct rules_query query = asking_query(a, addr);
	struct rules_decision decision;
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	if (rules_decide(&a->o->rules, &query, &decision) == RULES_DEPENDS) {
		say_gaps(a, addr ? about : NULL, &query);
		return;
	}
	t.len = rules_explain(&decision, buf, sizeof(buf));
	if (decision.err)
		text_strs(&t, ": ", strerror(-decision.err), NULL);
	if (decision.verdict == RULES_ALLOW) {
		asking_allow(a, about, &query, &decision, buf);
		return;
	}
	a->undecided |= decision.err != 0;
	a->denied |= !decision.err;
	asking_verdict(a, decision.err ? RULES_DEPENDS : decision.verdict, about, buf);
	if (decision.verdict == RULES_DENY && !decision.err)
		try_user(a, query);
}

/* The name has no address. If the rules deny it whatever its address is, that is the answer. */
static void decide_not_found(struct asking *a, const char *why)
{
	const struct rules_query query = asking_query(a, NULL);
	struct rules_decision decision;
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_strs(&t, "no address for ", a->question->dest.name, ": ", why, NULL);
	if (rules_decide(&a->o->rules, &query, &decision) == RULES_DENY) {
		asking_say(a, ANSWER_NOTE, NULL, buf);
		decide(a, "any address", NULL);
		return;
	}
	a->reply = 4;
	asking_verdict(a, RULES_DEPENDS, NULL, buf);
}

static void decide_addresses(struct asking *a)
{
	struct dest dest = a->question->dest;
	struct candidates found = { .n = 0 };
	const char *why = NULL;
	char text[ADDR_TEXT_MAX];
	int err = resolve_dest(&dest, a->family, -1, wait_deadline(a->o->connect_timeout_ms),
			       &found, &why);

	if (err == -EAFNOSUPPORT) {
		a->reply = 8;
		asking_verdict(a, RULES_DENY, NULL,
			       "denied: --family excludes addresses of this family");
	} else if (err < 0) {
		decide_not_found(a, why ? why : strerror(-err));
	}
	for (size_t i = 0; !err && i < found.n; i++) {
		addr_format_host(&found.addr[i], text);
		decide(a, text, &found.addr[i]);
	}
	/* A denial by the rules is the reply, unless a route had refused the command before. */
	if (a->denied && a->reply != 7)
		a->reply = 0;
}

void asking_rules(struct asking *a)
{
	if (asking_has_destination(a) && asking_allow_name(a))
		return;
	if (asking_has_destination(a))
		decide_addresses(a);
	else
		decide(a, "a destination not known yet", NULL);
}

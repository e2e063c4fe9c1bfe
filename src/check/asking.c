/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the rules as a session would ask them, about the same addresses. If they can't decide, finds
 * out what the question leaves open. Knows nothing of the login.
 */
#include "check/asking.h"
#include "check/leaving.h"
#include "base/text.h"
#include "base/wait.h"
#include "net/resolve.h"
#include "net/self.h"

#include <errno.h>
#include <string.h>

void asking_say(struct asking *a, enum answer_kind kind, const char *about, const char *text)
{
	const struct answer_line line = { .kind = kind, .about = about, .text = text };

	a->say(a->ctx, &line);
}

static void say_verdict(struct asking *a, enum rules_verdict verdict, const char *about,
			const char *text)
{
	const struct answer_line line = { ANSWER_ADDRESS, verdict, about, text };

	a->seen[verdict] = true;
	a->say(a->ctx, &line);
}

struct rules_query asking_query(const struct asking *a, const union endpoint *addr)
{
	const struct rules_question *question = a->question;

	return (struct rules_query){
		.kind = question->kind,
		.client = &question->client,
		.user = question->user[0] ? question->user : NULL,
		.command = question->command,
		.name = question->dest.name,
		.addr = addr,
		.port = question->dest.port,
		.is_self = self_is,
		.ctx = &a->o->net,
	};
}

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
		say_verdict(a, RULES_DEPENDS, about, buf);
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

/*
 * Says that it is allowed, in these words; or, if the command can't use the parent of the route,
 * that it is refused. Returns true if it is allowed.
 */
static bool allow(struct asking *a, const struct route *route, const char *about, const char *text)
{
	char buf[2 * LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	if (!route_has_parent(route) || a->question->command == RULES_CONNECT) {
		say_verdict(a, RULES_ALLOW, about, text);
		return true;
	}
	text_strs(&t, text, ", but its route is a parent, which is only for CONNECT", NULL);
	a->reply = 7;
	say_verdict(a, RULES_DENY, about, buf);
	return false;
}

/* The rules allow the destination of the query, in these words. */
static void allow_address(struct asking *a, const char *about, const struct rules_query *query,
			  const struct rules_decision *decision, const char *text)
{
	char buf[2 * LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	struct route route;
	bool said = leaving_find(a->o, decision, &route);

	if (!allow(a, &route, about, text) || !said)
		return;
	leaving_put(&t, a->o, query, &route);
	asking_say(a, ANSWER_ROUTE, query->addr ? about : NULL, buf);
}

/*
 * If the rules allow the name alone, and the connection leaves through a parent, a session does not
 * look the name up: then says so, and returns true.
 */
static bool decide_name(struct asking *a)
{
	const struct rules_query query = asking_query(a, NULL);
	const char *name = a->question->dest.name;
	struct rules_decision decision;
	char buf[LOG_LINE_MAX], words[LOG_LINE_MAX];
	struct text t = TEXT_OF(words);
	struct route route;

	if (!*name || rules_decide(&a->o->rules, &query, &decision) != RULES_ALLOW ||
	    decision.open || !leaving_find(a->o, &decision, &route) || !route_has_parent(&route))
		return false;
	rules_explain(&decision, buf, sizeof(buf));
	if (!allow(a, &route, name, buf))
		return true;
	leaving_put_name(&t, &route);
	asking_say(a, ANSWER_ROUTE, name, words);
	return true;
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
		allow_address(a, about, &query, &decision, buf);
		return;
	}
	a->undecided |= decision.err != 0;
	say_verdict(a, decision.err ? RULES_DEPENDS : decision.verdict, about, buf);
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
	say_verdict(a, RULES_DEPENDS, NULL, buf);
}

static void decide_addresses(struct asking *a)
{
	struct dest dest = a->question->dest;
	struct candidates found = { .n = 0 };
	const char *why = NULL;
	char text[ADDR_TEXT_MAX];
	int err = resolve_dest(&dest, a->o->net.out.family, -1,
			       wait_deadline(a->o->connect_timeout_ms), &found, &why);

	if (err == -EAFNOSUPPORT) {
		a->reply = 8;
		say_verdict(a, RULES_DENY, NULL,
			    "denied: --family excludes addresses of this family");
	} else if (err < 0) {
		decide_not_found(a, why ? why : strerror(-err));
	}
	for (size_t i = 0; !err && i < found.n; i++) {
		addr_format_host(&found.addr[i], text);
		decide(a, text, &found.addr[i]);
	}
}

bool asking_has_destination(const struct asking *a)
{
	const struct dest *dest = &a->question->dest;

	if (a->question->command & (RULES_BIND | RULES_UDP) && addr_is_unspecified(&dest->addr))
		return false;
	return dest->name[0] || dest->addr.sa.sa_family != AF_UNSPEC;
}

void asking_rules(struct asking *a)
{
	if (asking_has_destination(a) && decide_name(a))
		return;
	if (asking_has_destination(a))
		decide_addresses(a);
	else
		decide(a, "a destination not known yet", NULL);
}

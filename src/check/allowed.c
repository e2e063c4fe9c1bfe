/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says what becomes of a destination that the rules allow: how the connection leaves, or why its
 * route refuses it. Decides as reach/dest.c does, and asks the rules about a name alone.
 */
#include "check/asking.h"
#include "check/leaving.h"

/*
 * Returns why a session does not use what the rules allow, and sets the reply for the case that
 * nothing else is left; NULL: it uses it. addr is NULL if the address is not known.
 */
static const char *refuses(struct asking *a, const struct route *route, const union endpoint *addr)
{
	enum rules_command command = a->question->command;
	const struct route *base = &a->o->net.out;
	const char *why = addr ? route_excludes(route, base, addr->sa.sa_family) : NULL;

	if (why) {
		a->reply = a->reply ? a->reply : a->question->dest.name[0] ? 4 : 8;
		return why;
	}
	/* Each datagram leaves by its own route. */
	if (!a->kept || command == RULES_UDP)
		a->first = *route;
	a->kept = true;
	if (route_has_parent(&a->first) && command != RULES_CONNECT) {
		a->reply = 7;
		return route_has_parent(route) ?
			       "its route is a parent, which is only for CONNECT" :
			       "the route of the address before is a parent, which "
			       "is only for CONNECT";
	}
	if (!route_together(route, &a->first))
		return "it is not tried: its route is another one than that of the address before, "
		       "and one of them is a parent";
	return NULL;
}

/*
 * Says that it is allowed, in these words; or, if the route can't be used for it, that it is
 * refused. Returns true if it is allowed.
 */
static bool allow(struct asking *a, const struct route *route, const union endpoint *addr,
		  const char *about, const char *text)
{
	const char *why = refuses(a, route, addr);
	char buf[2 * LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	if (!why) {
		asking_verdict(a, RULES_ALLOW, about, text);
		return true;
	}
	text_strs(&t, text, ", but ", why, NULL);
	asking_verdict(a, RULES_DENY, about, buf);
	return false;
}

void asking_allow(struct asking *a, const char *about, const struct rules_query *query,
		  const struct rules_decision *decision, const char *text)
{
	char buf[2 * LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	struct route route;
	bool said = leaving_find(a->o, decision, &route);

	if (!allow(a, &route, query->addr, about, text) || !said)
		return;
	leaving_put(&t, a->o, query, &route);
	asking_say(a, ANSWER_ROUTE, query->addr ? about : NULL, buf);
}

bool asking_allow_name(struct asking *a)
{
	const struct rules_query query = asking_query(a, NULL);
	const char *name = a->question->dest.name;
	struct rules_decision decision;
	char buf[LOG_LINE_MAX], words[LOG_LINE_MAX];
	struct text t = TEXT_OF(words);
	struct route route;
	bool alone = *name && rules_decide(&a->o->rules, &query, &decision) == RULES_ALLOW &&
		     !decision.open;

	a->family = leaving_family(a->o, alone ? &decision : NULL);
	if (!alone || !leaving_find(a->o, &decision, &route) || !route_has_parent(&route))
		return false;
	rules_explain(&decision, buf, sizeof(buf));
	if (!allow(a, &route, NULL, name, buf))
		return true;
	leaving_put_name(&t, &route);
	asking_say(a, ANSWER_ROUTE, name, words);
	return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says how an allowed connection leaves, as a session would decide it. Never connects, and looks
 * nothing up: that a parent gets the name as it is must show here too.
 */
#include "check/leaving.h"
#include "base/text.h"

bool leaving_has_parent(const struct route *route)
{
	return route->parent.kind == PARENT_SOCKS5 || route->parent.kind == PARENT_HTTP;
}

bool leaving_find(const struct asking *a, const struct rules_decision *decision, struct route *ret)
{
	const struct route *base = &a->o->net.out;
	const struct rules_where *rule = &decision->rule;
	struct rules_error unused;

	*ret = *base;
	if (!rule->route)
		return base->parent.kind != PARENT_UNSAID || base->same;
	route_parse(rule->route, rule->route_len, rule->file, rule->line, ret, &unused);
	route_complete(ret, base);
	return true;
}

/* Says why a name is looked up although it is for a parent. */
static void put_reason(const struct asking *a, struct text *t)
{
	const struct rules_query query = asking_query(a, NULL);
	char rule[LOG_LINE_MAX];
	struct rules_where by;

	if (!rules_needs_address(&a->o->rules, &query, &by))
		return;
	rules_where_format(&by, rule, sizeof(rule));
	text_strs(t, " and not the name, because a rule needs the address: ", rule, NULL);
}

void leaving_say(struct asking *a, const char *about, const struct route *route)
{
	char buf[2 * LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "leaves ");
	route_put(&t, route);
	if (leaving_has_parent(route) && about && a->question->dest.name[0]) {
		text_str(&t, "; the parent is told this address");
		put_reason(a, &t);
	}
	asking_say(a, ANSWER_ROUTE, about, buf);
}

static void say_name(struct asking *a, const struct route *route)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "leaves ");
	route_put(&t, route);
	text_str(&t, "; the parent is told the name, which is not looked up here");
	asking_say(a, ANSWER_ROUTE, a->question->dest.name, buf);
}

bool leaving_by_name(struct asking *a)
{
	const struct rules_query query = asking_query(a, NULL);
	struct rules_decision decision;
	struct route route;
	char buf[LOG_LINE_MAX];

	if (!a->question->dest.name[0] ||
	    rules_decide(&a->o->rules, &query, &decision) != RULES_ALLOW || decision.open ||
	    !leaving_find(a, &decision, &route) || !leaving_has_parent(&route))
		return false;
	rules_explain(&decision, buf, sizeof(buf));
	if (asking_allow(a, &route, a->question->dest.name, buf))
		say_name(a, &route);
	return true;
}

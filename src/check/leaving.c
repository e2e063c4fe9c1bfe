/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says where a route stands, and how an allowed connection leaves, as a session would decide it.
 * Never connects, and looks nothing up: that a parent gets the name as it is must show here too.
 */
#include "check/leaving.h"
#include "rules/explain.h"
#include "rules/may.h"

#include <sysexits.h>

int leaving_put_place(const struct options *o, const struct rules_where *rule, const char *option,
		      struct text *t)
{
	char buf[LOG_LINE_MAX / 2];

	if (!rule)
		return options_place(o, option, t);
	rules_where_format(rule, buf, sizeof(buf));
	text_strs(t, buf, ": ", NULL);
	return rule->file ? EX_CONFIG : EX_USAGE;
}

bool leaving_find(const struct options *o, const struct rules_decision *decision, struct route *ret)
{
	const struct route *base = &o->net.out;
	const struct rules_where *rule = &decision->rule;

	*ret = *base;
	if (!rule->route)
		return o->via != NULL;
	route_again(rule->route, rule->route_len, ret);
	route_complete(ret, base);
	return true;
}

enum net_family leaving_family(const struct options *o, const struct rules_decision *name)
{
	struct route route;

	if (!name || (!name->rule.route && !o->net.out.same))
		return route_lookup_family(&o->rules, o->net.out.family);
	leaving_find(o, name, &route);
	return route.family;
}

int leaving_refuses_datagrams(const struct options *o, struct rules_query query)
{
	struct rules_decision d;
	struct route route;
	uint32_t at = 0;

	query.name = NULL;
	query.addr = NULL;
	query.port = 0;
	if (rules_decide(&o->rules, &query, &d) == RULES_DENY)
		return 2;
	if (d.verdict == RULES_ALLOW && !d.open) {
		leaving_find(o, &d, &route);
		return route_has_parent(&route) ? 7 : 0;
	}
	while (rules_walk_open(&o->rules, &query, &at, &d.rule)) {
		leaving_find(o, &d, &route);
		if (!route_has_parent(&route))
			return 0;
	}
	return 7;
}

void leaving_put_name(struct text *t, const struct route *route)
{
	text_str(t, "leaves ");
	route_put(t, route);
	text_str(t, "; the parent is told the name, which is not looked up here");
}

/* Says why a name is looked up although it is for a parent. */
static void put_reason(struct text *t, const struct options *o, struct rules_query query)
{
	char rule[LOG_LINE_MAX];
	struct rules_where by;

	text_str(t, "; the parent is told this address");
	query.addr = NULL;
	if (!rules_needs_address(&o->rules, &query, &by))
		return;
	rules_where_format(&by, rule, sizeof(rule));
	text_strs(t, " and not the name, because a rule needs the address: ", rule, NULL);
}

void leaving_put(struct text *t, const struct options *o, const struct rules_query *query,
		 const struct route *route)
{
	text_str(t, "leaves ");
	route_put(t, route);
	if (!query->addr)
		return;
	if (route_has_parent(route) && query->name && query->name[0])
		put_reason(t, o, *query);
	/* The question does not say which address that is. RESOLVE opens no socket. */
	if (!route_has_parent(route) && route->same && query->command != RULES_RESOLVE)
		text_strs(t, "; fails unless the client reached an ",
			  query->addr->sa.sa_family == AF_INET ? "IPv4" : "IPv6", " address", NULL);
}

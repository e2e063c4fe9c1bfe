/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares routes with each other and with the families of addresses. Pure. */
#include "rules/route.h"

#include <string.h>

static bool same_host(const union endpoint *a, const union endpoint *b)
{
	return (!a->sa.sa_family && !b->sa.sa_family) || addr_same_host(a, b);
}

bool route_alike(const struct route *a, const struct route *b)
{
	return same_host(&a->source.ipv4, &b->source.ipv4) &&
	       same_host(&a->source.ipv6, &b->source.ipv6) && a->same == b->same &&
	       strcmp(a->interface, b->interface) == 0 && a->has_mark == b->has_mark &&
	       (!a->has_mark || a->mark == b->mark) && route_has_parent(a) == route_has_parent(b);
}

bool route_same_parent(const struct route *a, const struct route *b)
{
	return a->parent.host.at == b->parent.host.at && a->parent.path.at == b->parent.path.at;
}

bool route_together(const struct route *a, const struct route *b)
{
	if (!route_has_parent(a) && !route_has_parent(b))
		return true;
	return route_alike(a, b) && route_same_parent(a, b);
}

enum net_family route_lookup_family(const struct rules *rules, enum net_family options)
{
	struct rules_where rule;
	struct route route;

	if (options != FAMILY_IPV4 && options != FAMILY_IPV6)
		return options;
	for (uint32_t at = 0; rules_walk(rules, &at, &rule);) {
		if (!rule.route)
			continue;
		route_again(rule.route, rule.route_len, &route);
		if (route.has_family)
			return FAMILY_ANY;
	}
	return options;
}

const char *route_excludes(const struct route *r, const struct route *base, int family)
{
	bool by_rule = r->family != base->family;

	if (r->family == FAMILY_IPV4 && family == AF_INET6)
		return by_rule ? "the rule's route has family:ipv4, which excludes IPv6" :
				 "the option family excludes IPv6";
	if (r->family == FAMILY_IPV6 && family == AF_INET)
		return by_rule ? "the rule's route has family:ipv6, which excludes IPv4" :
				 "the option family excludes IPv4";
	return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges a route by the rule that it stands in, and by the rules before it. Never connects or looks
 * a name up, and never runs in a session.
 */
#include "rules/review_route.h"
#include "rules/ask.h"
#include "rules/chars.h"
#include "rules/items.h"
#include "rules/route.h"

#include <string.h>

/* Returns false if the rule has no route. */
static bool read_route(const struct rule *rule, struct route *ret)
{
	struct rules_where where = rule_where(rule);

	if (where.route)
		route_again(where.route, where.route_len, ret);
	return where.route;
}

/* Returns true if the rule names destinations, all of them addresses that the family excludes. */
static bool excludes_all(const struct route *r, const struct rule *rule)
{
	const struct section *to = rule_section(rule, SECTION_TO);
	struct items items;
	struct item item;

	if (!to)
		return false;
	for (items = items_of(rule, to); items_next(&items, &item);) {
		bool ipv4 = item.kind == RUN_NET4 || item.kind == RUN_NET4_SPECIAL;
		bool ipv6 = item.kind == RUN_NET6 || item.kind == RUN_NET6_SPECIAL;

		if (!(ipv4 && route_excludes(r, r, AF_INET)) &&
		    !(ipv6 && route_excludes(r, r, AF_INET6)))
			return false;
	}
	return true;
}

/* Returns why the parent, if it is given by its address, can never be reached; or NULL. */
static const char *judge_address(const struct route *r)
{
	const struct parent *p = &r->parent;
	struct dest dest;

	if (!p->host.at ||
	    addr_from_name((const uint8_t *)p->host.at, p->host.len, p->port, &dest) < 0 ||
	    dest.addr.sa.sa_family == AF_UNSPEC)
		return NULL;
	switch (rules_special(&dest.addr, NULL, NULL, NULL)) {
	case RULES_UNSPECIFIED:
	case RULES_MULTICAST:
		return "its parent can never be reached: no host has the address of the parent";
	default:
		return NULL;
	}
}

const char *route_contradiction(const struct rule *rule)
{
	struct route r;

	if (!read_route(rule, &r))
		return NULL;
	if (route_has_parent(&r) && !(rule->commands & RULES_CONNECT))
		return "its parent can never be used: parents are for the command connect, and the "
		       "client gets reply 7 for all others";
	if (!route_has_parent(&r) && excludes_all(&r, rule))
		return "its route can never be used: its family excludes all its destinations";
	return judge_address(&r);
}

/*
 * Writes a name that the rule matches, whatever its address is. If it restricts no destinations,
 * that is a name that no other rule has. Returns false if there is none.
 */
static bool find_name(const struct rule *rule, char name[256])
{
	const struct section *to = rule_section(rule, SECTION_TO);
	struct items items;
	struct item item;

	strcpy(name, "*");
	if (!to)
		return true;
	for (items = items_of(rule, to); items_next(&items, &item);) {
		const char *p = item.text;

		if (item.kind == RUN_GROUP && *(const uint32_t *)item.p == GROUP_ANY)
			return true;
		if (item.kind != RUN_NAME)
			continue;
		p += ((const struct name *)item.p)->at;
		p += *p == '.';
		*name = '\0';
		strncat(name, p, (size_t)(chars_skip(p, item.text_end, CHARS_NAME) - p));
		return true;
	}
	return false;
}

/*
 * Fills *ret with the first item of that section of the rule. Returns the number of items: 0 or 1,
 * or 2 if there are more.
 */
static unsigned first_item(const struct rule *rule, enum section_kind kind, struct item *ret)
{
	const struct section *section = rule_section(rule, kind);
	struct items items;
	struct item more;

	if (!section)
		return 0;
	items = items_of(rule, section);
	if (!items_next(&items, ret))
		return 0;
	return items_next(&items, &more) ? 2 : 1;
}

/* Writes the first user of the rule. Leaves the name empty if it names none. */
static void find_user(const struct rule *rule, char name[USER_MAX + 1])
{
	struct item item;

	*name = '\0';
	if (first_item(rule, SECTION_USER, &item) && item.kind == RUN_USER)
		strncat(name, item.text + ((const struct user *)item.p)->at,
			user_len((const struct user *)item.p));
}

/* Returns the only port of the rule; 0: it has none, or several. */
static uint16_t find_port(const struct rule *rule)
{
	const struct ports *ports;
	struct item item;

	if (first_item(rule, SECTION_PORT, &item) != 1)
		return 0;
	ports = item.p;
	return ports->low == ports->high ? ports->low : 0;
}

/* Finds the only client of the rule. Returns false if there may be several. */
static bool find_client(const struct rule *rule, struct rules_query *query, union endpoint *addr)
{
	struct item item;
	uint32_t ipv4;

	if (first_item(rule, SECTION_FROM, &item) != 1)
		return false;
	if (item.kind == RUN_GROUP && *(const uint32_t *)item.p == GROUP_LOCAL) {
		query->kind = CLIENT_LOCAL;
		return true;
	}
	if ((item.kind != RUN_NET4 && item.kind != RUN_NET4_SPECIAL) ||
	    ((const struct net4 *)item.p)->mask != UINT32_MAX)
		return false;
	ipv4 = htonl(((const struct net4 *)item.p)->net);
	addr_set_ipv4(addr, (const uint8_t *)&ipv4, 0);
	query->client = addr;
	return true;
}

const struct rule *route_lookup(const struct rules *rules, const struct rule *rule)
{
	char name[256], user[USER_MAX + 1];
	struct rules_query query = {
		.kind = CLIENT_INTERNET, .command = RULES_CONNECT, .name = name, .any_user = true
	};
	union endpoint client;
	struct route r;
	struct ask ask;
	bool known;

	if (!read_route(rule, &r) || !route_has_parent(&r) || !find_name(rule, name))
		return NULL;
	find_user(rule, user);
	query.user = *user ? user : NULL;
	query.port = find_port(rule);
	known = find_client(rule, &query, &client);
	ask_prepare(&ask, &query);
	ask.from.open = !known;
	return ask_needs_address(rules, &ask, rule);
}

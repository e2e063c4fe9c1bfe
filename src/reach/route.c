/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the session's connections leave: by the route of the rule that has allowed them, completed by
 * what the options say. Costs nothing if no rule and no option names a route.
 */
#include "reach/route.h"
#include "base/cold.h"
#include "end/end.h"
#include "net/reached.h"
#include "rules/explain.h"

#include <errno.h>
#include <string.h>

/* `same` and the routes of rules need a copy. */
COLD struct net_options reach_route_net[REACH_ROUTES];

static bool has_source(const struct net_options *net)
{
	return net->out.source.ipv4.sa.sa_family || net->out.source.ipv6.sa.sa_family;
}

/*
 * `same`: the socket gets the address that the client has reached, and has no other family. Leaves
 * the source empty if that address is not known.
 */
static void leave_as_reached(struct session *s, struct route *out)
{
	union endpoint addr;

	reached_find(&s->client);
	addr = s->client.reached;
	addr_unmap(&addr);
	addr_set_port(&addr, 0);
	memset(&out->source, 0, sizeof(out->source));
	if (addr_is_unspecified(&addr))
		return;
	if (addr.sa.sa_family == AF_INET)
		out->source.ipv4 = addr;
	else if (addr.sa.sa_family == AF_INET6)
		out->source.ipv6 = addr;
}

/* Logs the rule whose route is taken, unless it is the one that was logged last. */
static COLD_CODE void tell(const struct session *s)
{
	static const char *told;
	char words[LOG_LINE_MAX];

	if (s->by.route == told)
		return;
	told = s->by.route;
	rules_where_format(&s->by, words, sizeof(words));
	log_strs(s->log, LOG_DEBUG, "route: ", words, NULL);
}

const struct net_options *reach_route(struct session *s, size_t slot)
{
	struct net_options *net = &reach_route_net[slot];

	if (!s->by.route && !s->opt->net.out.same)
		return &s->opt->net;
	*net = s->opt->net;
	if (s->by.route) {
		route_again(s->by.route, s->by.route_len, &net->out);
		route_complete(&net->out, &s->opt->net.out);
		if (log_wants(s->log, LOG_DEBUG))
			tell(s);
	}
	if (net->out.same)
		leave_as_reached(s, &net->out);
	return net;
}

bool reach_has_parent(const struct net_options *net)
{
	return route_has_parent(&net->out);
}

bool reach_routes_alike(const struct net_options *a, const struct net_options *b)
{
	return a == b || route_alike(&a->out, &b->out);
}

bool reach_next_route(const struct session *s, uint32_t *at, struct route *ret)
{
	struct rules_where rule;

	while (rules_walk(s->rules, at, &rule)) {
		if (!rule.route)
			continue;
		route_again(rule.route, rule.route_len, ret);
		return true;
	}
	return false;
}

bool reach_has_routes(const struct session *s)
{
	struct route route;
	uint32_t at = 0;

	return reach_next_route(s, &at, &route);
}

int reach_route_fits(const struct session *s, const struct net_options *net, int family,
		     const char **why)
{
	const struct address_pair *source = &net->out.source;

	*why = route_excludes(&net->out, &s->opt->net.out, family);
	if (*why)
		return -EAFNOSUPPORT;
	if (!net->out.same)
		return 0;
	if (!has_source(net)) {
		*why = "the route has same, but the address that the client reached is not known";
		return -ENOTCONN;
	}
	if (reach_has_parent(net) ||
	    (family == AF_INET ? &source->ipv4 : &source->ipv6)->sa.sa_family)
		return 0;
	*why = family == AF_INET ? "the route has same, and the client reached an IPv6 address" :
				   "the route has same, and the client reached an IPv4 address";
	return -EAFNOSUPPORT;
}

_Noreturn void reach_same_unknown(struct session *s)
{
	static const char error[] =
		"the route has same, but the address that the client reached is not known";

	log_strs(s->log, LOG_ERR, error,
		 ": it comes from a TCP socket, the environment or a PROXY header; for clients on "
		 "pipes and unix sockets, put an address in place of same",
		 NULL);
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, error);
}

/* Returns the position of the next candidate, from i on, that is of this family, or not; or n. */
static size_t next(const struct candidates *c, size_t i, int family, bool is)
{
	while (i < c->n && (c->addr[i].sa.sa_family == family) != is)
		i++;
	return i;
}

void reach_route_order(const struct session *s, struct candidates *c)
{
	enum net_family family = s->net->out.family;
	int first = family == FAMILY_PREFER_IPV4 ? AF_INET : AF_INET6;
	const struct net_options *net[CANDIDATES_MAX];
	union endpoint addr[CANDIDATES_MAX];
	size_t i[2] = { 0, 0 };

	if (c->n < 2 || family == s->opt->net.out.family ||
	    (family != FAMILY_PREFER_IPV4 && family != FAMILY_PREFER_IPV6))
		return;
	for (size_t n = 0; n < c->n;)
		for (int k = 0; k < 2; k++) {
			size_t j = next(c, i[k], first, k == 0);

			i[k] = j + 1;
			if (j >= c->n)
				continue;
			addr[n] = c->addr[j];
			net[n++] = c->net ? c->net[j] : NULL;
		}
	for (size_t n = 0; n < c->n; n++) {
		c->addr[n] = addr[n];
		if (c->net)
			c->net[n] = net[n];
	}
}

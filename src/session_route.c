/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the session's connections leave: by the route of the rule that has allowed them, completed by
 * what the options say. Costs nothing if no rule and no option names a route.
 */
#include "session.h"
#include "base/cold.h"

#include <string.h>

/* One for each address that is tried; `same` and the routes of rules need a copy. */
COLD struct net_options session_route_net[CANDIDATES_MAX];

/* `same`: the socket gets the address that the client has reached, and has no other family. */
static void leave_as_reached(const struct session *s, struct route *out)
{
	const union endpoint *reached = &s->client.reached;
	union endpoint addr = *reached;

	addr_set_port(&addr, 0);
	memset(&out->source, 0, sizeof(out->source));
	if (addr.sa.sa_family == AF_INET)
		out->source.ipv4 = addr;
	else if (addr.sa.sa_family == AF_INET6)
		out->source.ipv6 = addr;
}

const struct net_options *session_route(struct session *s, size_t slot)
{
	struct net_options *net = &session_route_net[slot];
	const struct rules_where *by = &s->by;
	struct rules_error unused;

	if (!by->route && !s->opt->net.out.same)
		return &s->opt->net;
	*net = s->opt->net;
	if (by->route) {
		/* It was read without a mistake when the rules were. */
		route_parse(by->route, by->route_len, by->file, by->line, &net->out, &unused);
		route_complete(&net->out, &s->opt->net.out);
	}
	if (net->out.same)
		leave_as_reached(s, &net->out);
	return net;
}

bool session_has_parent(const struct net_options *net)
{
	return net->out.parent.kind == PARENT_SOCKS5 || net->out.parent.kind == PARENT_HTTP;
}

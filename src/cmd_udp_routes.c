/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps each datagram to the route of the rule that allows it: one that has no sockets is dropped,
 * and never leaves by another route.
 */
#include "base/text.h"
#include "cmd_udp.h"
#include "end/end.h"
#include "reach/reach.h"
#include "reach/route.h"
#include "udp/upstream.h"

#include <errno.h>
#include <string.h>

static bool is_same(const struct net_options *a, const struct net_options *b)
{
	return reach_routes_alike(a, b) && a->out.family == b->out.family &&
	       a->out.rate == b->out.rate;
}

/* Returns the number of this route, or -1. */
static int find(const struct datagrams *d, const struct net_options *net)
{
	for (int i = 0; i < d->a.ways; i++)
		if (d->net[i] == net || is_same(d->net[i], net))
			return i;
	return -1;
}

/* Adds the route of s->by, unless it is there, or there is no room. */
static void add(struct datagrams *d)
{
	const struct net_options *net = reach_route(d->s, REACH_ROUTE_ARRIVED);
	const char *why;

	if (reach_has_parent(net)) {
		d->parents = true;
		return;
	}
	if (reach_route_fits(d->s, net, AF_INET, &why) == -ENOTCONN) {
		d->unreached = true;
		return;
	}
	if (find(d, net) < 0 && d->a.ways < UDP_WAYS_MAX) {
		net = reach_route(d->s, (size_t)d->a.ways);
		d->net[d->a.ways++] = net;
	}
}

void cmd_udp_find_routes(struct datagrams *d, enum rules_verdict verdict)
{
	struct session *s = d->s;
	uint32_t at = 0;

	if (verdict == RULES_DENY)
		reach_denied(s);
	if ((verdict == RULES_ALLOW && !s->by_open) || !reach_has_routes(s))
		add(d);
	else
		while (reach_walk_open(s, RULES_UDP, NULL, NULL, 0, &at))
			add(d);
	if (!d->a.ways && d->unreached)
		reach_same_unknown(s);
	if (!d->a.ways)
		end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL,
			    "the route of all datagrams is a parent, which is only for CONNECT");
	s->net = d->net[0];
	d->a.family = s->net->out.family;
	for (int i = 1; i < d->a.ways; i++)
		if (d->net[i]->out.family != d->a.family)
			d->a.family = FAMILY_ANY;
}

_Noreturn void cmd_udp_fail(struct session *s, const char *error)
{
	log_strs(s->log, LOG_ERR, "udp: ", error, NULL);
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, error);
}

/* Fills the words for a family that has no socket. */
static void tell_why(struct datagrams *d, int i, int err)
{
	static const int family[2] = { AF_INET, AF_INET6 };
	struct udp_way *way = &d->a.way[i];

	for (int k = 0; k < 2; k++)
		if (err < 0)
			way->why[k] = "the route of the rule can't be used on this host";
		else if (!reach_route_fits(d->s, d->net[i], family[k], &way->why[k]))
			way->why[k] = "this host can't send to this address family";
}

void cmd_udp_open_routes(struct datagrams *d)
{
	char error[120];
	int opened = 0;

	for (int i = 0; i < d->a.ways; i++) {
		const struct route *out = &d->net[i]->out;
		struct text t = TEXT_OF(error);
		const char *step;
		int err = udp_upstream_open(d->net[i], d->a.way[i].fd, &step);

		d->a.way[i].rate = out->rate;
		tell_why(d, i, err);
		opened += !err;
		if (!err)
			continue;
		text_strs(&t, step, ": ", strerror(-err), NULL);
		if (d->a.ways > 1)
			log_strs(d->s->log, LOG_ERR, "udp: ", error, NULL);
	}
	if (!opened)
		cmd_udp_fail(d->s, error);
}

void cmd_udp_close_routes(struct datagrams *d)
{
	for (int i = 0; i < d->a.ways; i++)
		udp_upstream_close(d->a.way[i].fd);
}

int cmd_udp_route(struct datagrams *d, const char *name, const union endpoint *to, bool open)
{
	bool six = to->sa.sa_family == AF_INET6;
	const struct net_options *net;
	uint32_t at = 0;
	int way;

	if (open && reach_has_routes(d->s))
		reach_walk_open(d->s, RULES_UDP, name, to, addr_port(to), &at);
	net = reach_route(d->s, REACH_ROUTE_ARRIVED);
	way = find(d, net);
	if (way >= 0 && name && d->a.way[way].fd[six] < 0) {
		d->trouble = d->a.way[way].why[six];
		return -EAFNOSUPPORT;
	}
	if (way >= 0)
		return way;
	if (reach_has_parent(net))
		d->trouble = "the route of a destination is a parent, which is only for CONNECT";
	else if (reach_route_fits(d->s, net, to->sa.sa_family, &d->trouble) != -ENOTCONN)
		d->trouble = "the rules have more than 8 routes for this client's datagrams";
	return -EACCES;
}

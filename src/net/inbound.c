/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses the local address and the port of the sockets that others reach. Tries single addresses
 * of this host, never the wildcard address: a socket there could be reached at every address.
 */
#include "net/inbound.h"
#include "net/self.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 16 }; /* strangers that wait to be turned away */

/* routed: the address need not belong to a device; it may be in a prefix routed to this host. */
static int open_at(const struct net_options *o, const union endpoint *at, int type, bool routed)
{
	int fd = socket(at->sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, err;

	if (fd < 0)
		return -errno;
	/* Without it, a port of --port-range can't be used for a minute after a connection. */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (routed)
		setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &one, sizeof(one));
	/* Answers to BIND's peer leave as connections do; those to the client don't. */
	if ((type != SOCK_STREAM || !net_steer(fd, o)) && bind(fd, &at->sa, addr_len(at)) == 0 &&
	    (type != SOCK_STREAM || listen(fd, BACKLOG) == 0))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Opens at a port of the range. Begins at a random one: sessions should not all try the same. */
static int open_in_range(const struct net_options *o, const union endpoint *host, int type,
			 bool routed)
{
	unsigned n = o->port_hi ? o->port_hi - o->port_lo + 1U : 1, start = 0;
	union endpoint at = *host;
	int fd = -EADDRINUSE;

	addr_set_port(&at, 0);
	if (n > 1 && getrandom(&start, sizeof(start), GRND_NONBLOCK) < 0)
		start = (unsigned)getpid();
	for (unsigned i = 0; i < n && fd == -EADDRINUSE; i++) {
		if (o->port_hi)
			addr_set_port(&at, (uint16_t)(o->port_lo + (start % n + i) % n));
		fd = open_at(o, &at, type, routed);
	}
	return fd;
}

/*
 * Opens at the address from which this host reaches `to`; outgoing: with --source, --interface and
 * --mark.
 */
static int open_towards(const struct net_options *o, const union endpoint *to, int type,
			bool outgoing)
{
	union endpoint from;
	int err = net_local(outgoing ? o : NULL, to, &from);

	return err < 0 ? err : open_in_range(o, &from, type, false);
}

/* Turns a missing route into -EADDRNOTAVAIL, because another address may have one. */
static int or_elsewhere(int fd)
{
	return fd < 0 && (net_leads_nowhere(-fd) || fd == -EACCES) ? -EADDRNOTAVAIL : fd;
}

static int open_loopback(const struct net_options *o, int family, int type)
{
	union endpoint loopback = { .sa.sa_family = AF_UNSPEC };

	addr_parse(family == AF_INET6 ? "::1" : "127.0.0.1", &loopback);
	return open_in_range(o, &loopback, type, false);
}

/*
 * Finds --external of this family; *ret is NULL if it is not set. Sets *own to whether it is an
 * address of this host. Returns 0 or -errno.
 */
static int find_external(const struct net_options *o, int family, const union endpoint **ret,
			 bool *own)
{
	const union endpoint *external = family == AF_INET ? &o->external.ipv4 : &o->external.ipv6;
	int self = external->sa.sa_family == AF_UNSPEC ? 0 : self_has(o, external);

	*ret = external->sa.sa_family == AF_UNSPEC ? NULL : external;
	*own = self == 1;
	return self < 0 ? self : 0;
}

/* Fills *ret with the address to tell the client: the socket's, or `instead` with its port. */
static int tell(int fd, const union endpoint *instead, union endpoint *ret)
{
	socklen_t len = sizeof(*ret);
	uint16_t port;

	if (fd < 0)
		return fd;
	if (getsockname(fd, &ret->sa, &len) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	port = addr_port(ret);
	if (instead)
		*ret = *instead;
	addr_set_port(ret, port);
	return fd;
}

/*
 * If any peer may come, finds the source of the route, or else the address of its interface, which
 * the kernel gives to packets for a group. Leaves *ret at AF_UNSPEC if the route has neither.
 * Returns 0 or -errno.
 */
static int find_source(const struct net_options *o, int family, union endpoint *ret)
{
	union endpoint group = { .sa.sa_family = AF_UNSPEC };

	*ret = family == AF_INET ? o->out.source.ipv4 : o->out.source.ipv6;
	if (ret->sa.sa_family != AF_UNSPEC || !o->out.interface[0])
		return 0;
	addr_parse(family == AF_INET ? "224.0.0.1" : "ff0e::1", &group);
	return net_local(o, &group, ret);
}

static int listen_for(const struct net_options *o, const struct client *c,
		      const union endpoint *peer)
{
	union endpoint source;
	int fd = -EADDRNOTAVAIL, err;

	if (!addr_is_unspecified(peer))
		return open_towards(o, peer, SOCK_STREAM, true);
	err = find_source(o, peer->sa.sa_family, &source);
	if (err < 0)
		return err;
	if (source.sa.sa_family != AF_UNSPEC)
		return open_in_range(o, &source, SOCK_STREAM, false);
	if (c->reached.sa.sa_family == peer->sa.sa_family && !addr_is_unspecified(&c->reached))
		fd = open_in_range(o, &c->reached, SOCK_STREAM, false);
	if (fd != -EADDRNOTAVAIL || !client_is_local(c))
		return fd;
	return open_loopback(o, peer->sa.sa_family, SOCK_STREAM);
}

int inbound_listener(const struct net_options *o, const struct client *c,
		     const union endpoint *peer, union endpoint *told)
{
	const union endpoint *external;
	bool own;
	int fd = -EADDRNOTAVAIL, err = find_external(o, peer->sa.sa_family, &external, &own);

	if (err < 0)
		return err;
	if (own)
		fd = open_in_range(o, external, SOCK_STREAM, true);
	else if (external && addr_is_unspecified(peer))
		fd = or_elsewhere(open_towards(o, external, SOCK_STREAM, true));
	if (fd == -EADDRNOTAVAIL)
		fd = listen_for(o, c, peer);
	return tell(fd, external, told);
}

/* If just one of the two addresses is loopback, the client can't send datagrams there. */
static bool leads_back(const union endpoint *reached, const union endpoint *client)
{
	return reached->sa.sa_family == client->sa.sa_family && !addr_is_unspecified(reached) &&
	       addr_is_loopback(client) == addr_is_loopback(reached);
}

int inbound_relay(const struct net_options *o, const struct client *c, int family,
		  union endpoint *told)
{
	bool has_address = c->kind == CLIENT_INTERNET, own;
	const union endpoint *external;
	int fd = -EADDRNOTAVAIL, err;

	if (has_address)
		family = c->addr.sa.sa_family;
	err = find_external(o, family, &external, &own);
	if (err < 0)
		return err;
	if (!has_address) {
		if (own)
			fd = open_in_range(o, external, SOCK_DGRAM, true);
		return tell(own ? fd : open_loopback(o, family, SOCK_DGRAM), NULL, told);
	}
	if (leads_back(&c->reached, &c->addr))
		fd = open_in_range(o, &c->reached, SOCK_DGRAM, false);
	if (fd == -EADDRNOTAVAIL)
		fd = open_towards(o, &c->addr, SOCK_DGRAM, false);
	return tell(fd, own ? NULL : external, told);
}

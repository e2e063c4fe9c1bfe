/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses the local address and the port of sockets that others reach. Every address that is tried
 * is one address of this host: a wildcard would let in whoever reaches any other of them.
 */
#include "inbound.h"
#include "net.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* Strangers that wait to be turned away. */
enum { BACKLOG = 16 };

static int open_at(const union endpoint *at, int type)
{
	int fd = socket(at->sa.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, err;

	if (fd < 0)
		return -errno;
	/* Else a port of --port-range rests for a minute after each use. Datagrams don't rest. */
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, &at->sa, addr_len(at)) == 0 &&
		    (type != SOCK_STREAM || listen(fd, BACKLOG) == 0))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* At this address, at a port of the range: from any of them on, that sessions don't queue up. */
static int open_in_range(const struct options *o, const union endpoint *host, int type)
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
		fd = open_at(&at, type);
	}
	return fd;
}

/* The same, at the address from which this one would be reached; outgoing: as --source has it. */
static int open_towards(const struct options *o, const union endpoint *to, int type, bool outgoing)
{
	union endpoint from;
	int err = net_local(outgoing ? o : NULL, to, &from);

	if (err < 0)
		return net_leads_nowhere(-err) || err == -EACCES ? -EADDRNOTAVAIL : err;
	return open_in_range(o, &from, type);
}

static int open_external(const struct options *o, const union endpoint *external, int type)
{
	int fd = open_in_range(o, external, type);

	return fd == -EADDRNOTAVAIL ? open_towards(o, external, type, true) : fd;
}

/* The client came this way, but peer can't if just one of the two is on this host. */
static bool suits(const union endpoint *reached, const union endpoint *peer)
{
	return reached->sa.sa_family == peer->sa.sa_family && !addr_is_unspecified(reached) &&
	       (addr_is_unspecified(peer) || addr_is_loopback(peer) == addr_is_loopback(reached));
}

static int open_default(const struct options *o, const struct client *c, const union endpoint *peer,
			int type)
{
	union endpoint loopback = { .sa.sa_family = AF_UNSPEC };
	int fd = -EADDRNOTAVAIL;

	if (suits(&c->reached, peer))
		fd = open_in_range(o, &c->reached, type);
	if (fd != -EADDRNOTAVAIL)
		return fd;
	/* A stream's peer is a destination. Datagrams come from the client. */
	if (!addr_is_unspecified(peer))
		return open_towards(o, peer, type, type == SOCK_STREAM);
	if (!client_is_local(c))
		return -EADDRNOTAVAIL;
	addr_parse(peer->sa.sa_family == AF_INET6 ? "::1" : "127.0.0.1", &loopback);
	return open_in_range(o, &loopback, type);
}

int inbound_socket(const struct options *o, const struct client *c, const union endpoint *peer,
		   int type, union endpoint *told)
{
	const union endpoint *external =
		peer->sa.sa_family == AF_INET ? &o->external.ipv4 : &o->external.ipv6;
	bool has_external = external->sa.sa_family != AF_UNSPEC;
	socklen_t len = sizeof(*told);
	int fd = -EADDRNOTAVAIL;

	if (has_external)
		fd = open_external(o, external, type);
	if (fd == -EADDRNOTAVAIL)
		fd = open_default(o, c, peer, type);
	if (fd < 0)
		return fd;
	if (getsockname(fd, &told->sa, &len) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	if (has_external) {
		uint16_t port = addr_port(told);

		*told = *external;
		addr_set_port(told, port);
	}
	return fd;
}

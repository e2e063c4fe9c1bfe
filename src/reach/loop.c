/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares a parent with the listener that the client has reached. A circle of several proxies is
 * not seen here: each of its connect-timeouts ends it.
 */
#include "reach/loop.h"
#include "net/self.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

bool loop_is_address(const struct session *s, const union endpoint *addr)
{
	const union endpoint *reached = &s->client.reached;

	return addr_port(reached) && addr_port(reached) == addr_port(addr) &&
	       (addr_same_host(reached, addr) || self_has(&s->opt->net, addr) > 0);
}

/* Both ends have the name that the listener was bound to, whatever links the path leads through. */
bool loop_is_socket(const struct session *s, int fd)
{
	struct sockaddr_un served = { 0 }, parent = { 0 };
	socklen_t n = sizeof(served), m = sizeof(parent);

	if (!s->client.stream.is_socket || s->client.stream.is_tcp ||
	    getsockname(s->client.stream.in, (struct sockaddr *)&served, &n) < 0 ||
	    getpeername(fd, (struct sockaddr *)&parent, &m) < 0)
		return false;
	return served.sun_family == AF_UNIX && n > offsetof(struct sockaddr_un, sun_path) &&
	       n == m && memcmp(&served, &parent, n) == 0;
}

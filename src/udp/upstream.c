/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens, binds and closes the upstream sockets, always both of them. Sends nothing. */
#include "udp/upstream.h"
#include "udp/association.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* other: the value of --family that excludes this family. */
static int open_one(const struct net_options *o, int family, enum net_family other, int *ret,
		    const char **step)
{
	int fd = o->out.family == other ? -EAFNOSUPPORT : net_socket(o, family, SOCK_DGRAM, step);

	*ret = -1;
	if (fd < 0)
		return fd == -EAFNOSUPPORT ? 0 : fd;
	udp_tune(fd, family);
	*ret = fd;
	return 0;
}

int udp_upstream_open(const struct net_options *o, int ret[2], const char **step)
{
	int err;

	ret[1] = -1;
	err = open_one(o, AF_INET, FAMILY_IPV6, &ret[0], step);
	if (!err)
		err = open_one(o, AF_INET6, FAMILY_IPV4, &ret[1], step);
	if (err < 0)
		udp_upstream_close(ret);
	return err;
}

const char *udp_upstream_forbids(const struct net_options *o, uint16_t port)
{
	if (!port)
		return "the request names none";
	if (o->port_hi)
		return port < o->port_lo || port > o->port_hi ? "it is not in port-range" : NULL;
	return port < IPPORT_RESERVED ? "it is below 1024" : NULL;
}

int udp_upstream_bind(const int upstream[2], uint16_t port)
{
	int err = 0;

	for (int i = 0; i < 2 && !err; i++)
		if (upstream[i] >= 0)
			err = net_take_port(upstream[i], &port);
	return err;
}

void udp_upstream_close(int upstream[2])
{
	for (int i = 0; i < 2; i++) {
		if (upstream[i] >= 0)
			close(upstream[i]);
		upstream[i] = -1;
	}
}

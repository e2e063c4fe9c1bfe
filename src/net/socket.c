/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes and tunes sockets. Sends nothing, and decides nothing about destinations. */
#include "net/socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	KEEPIDLE_S = 300, /* silence before the first probe */
	KEEPINTVL_S = 30, /* from one probe to the next */
	KEEPCNT = 5,	  /* probes without an answer: the peer is gone */
};

static int set_int(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value));
}

static int bind_source(int fd, const union endpoint *from)
{
	/* Leave the choice of the port to connect(), which can share ports among destinations. */
	set_int(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	return bind(fd, &from->sa, addr_len(from));
}

const char *net_steer(int fd, const struct net_options *o)
{
	if (o->out.interface[0] && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, o->out.interface,
					      (socklen_t)strlen(o->out.interface)) < 0)
		return "interface";
	if (o->out.has_mark &&
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &o->out.mark, (socklen_t)sizeof(o->out.mark)) < 0)
		return "mark";
	return NULL;
}

/*
 * Returns the word for a source that can't be bound, with errno. If the client reached a link-local
 * address from one that is not, nothing tells its interface, without which it can't be bound.
 */
static const char *name_source(const struct net_options *o, const union endpoint *from)
{
	if (!o->out.same)
		return "source";
	if (from->sa.sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&from->in6.sin6_addr) &&
	    !from->in6.sin6_scope_id)
		return "same: a link-local address whose interface is not known";
	return "same";
}

/* Returns the setting that failed, with errno; or NULL. */
static const char *apply(int fd, const struct net_options *o, int family)
{
	const union endpoint *from = family == AF_INET ? &o->out.source.ipv4 : &o->out.source.ipv6;
	const char *failed = net_steer(fd, o);

	if (failed)
		return failed;
	if (from->sa.sa_family != AF_UNSPEC && bind_source(fd, from) < 0)
		return name_source(o, from);
	if (o->out.same && from->sa.sa_family == AF_UNSPEC) {
		errno = EAFNOSUPPORT;
		return "same";
	}
	return NULL;
}

int net_socket(const struct net_options *o, int family, int type, const char **step)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0) {
		*step = "socket";
		return -errno;
	}
	*step = apply(fd, o, family);
	if (!*step) {
		if (type == SOCK_STREAM)
			net_tune(fd, o);
		return fd;
	}
	err = -errno;
	close(fd);
	return err;
}

int net_local(const struct net_options *o, const union endpoint *to, union endpoint *ret)
{
	union endpoint at = *to;
	socklen_t len = sizeof(*ret);
	const char *step;
	int fd = o ? net_socket(o, to->sa.sa_family, SOCK_DGRAM, &step) :
		     socket(to->sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = 0;

	if (fd < 0)
		return o ? fd : -errno;
	/* connect() needs a port; any will do. */
	addr_set_port(&at, 9);
	if (connect(fd, &at.sa, addr_len(&at)) < 0 || getsockname(fd, &ret->sa, &len) < 0)
		err = -errno;
	close(fd);
	addr_set_port(ret, 0);
	return err;
}

int net_take_port(int fd, uint16_t *port)
{
	union endpoint own;
	socklen_t len = sizeof(own);

	if (getsockname(fd, &own.sa, &len) < 0)
		return -errno;
	if (!addr_port(&own)) {
		/* bind_source() has left the port to a later call. */
		set_int(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 0);
		addr_set_port(&own, *port);
		len = sizeof(own);
		if (bind(fd, &own.sa, addr_len(&own)) < 0 || getsockname(fd, &own.sa, &len) < 0)
			return -errno;
	}
	*port = addr_port(&own);
	return 0;
}

bool net_leads_nowhere(int err)
{
	return err == ENETUNREACH || err == EHOSTUNREACH || err == ENETDOWN || err == EINVAL ||
	       err == EADDRNOTAVAIL;
}

void net_keep_urgent(int fd)
{
	set_int(fd, SOL_SOCKET, SO_OOBINLINE, 1);
}

void net_tune(int fd, const struct net_options *o)
{
	set_int(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	net_keep_urgent(fd);
	set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPIDLE_S);
	set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPINTVL_S);
	set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPCNT);
	if (o->out.rate)
		net_pace(fd, o->out.rate);
}

void net_pace(int fd, uint64_t rate)
{
	setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate));
}

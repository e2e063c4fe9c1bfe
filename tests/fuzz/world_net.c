/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system calls of the network, and a check of where they lead. */
#include "world_net.h"

#include <sys/un.h>
#include <unistd.h>

struct socket net_socket_of[SOCKETS];

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_bind(int fd, const struct sockaddr *addr, socklen_t len);
int __wrap_bind(int fd, const struct sockaddr *addr, socklen_t len);
int __real_listen(int fd, int backlog);
int __wrap_listen(int fd, int backlog);
int __real_connect(int fd, const struct sockaddr *addr, socklen_t len);
int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len);
int __real_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int __wrap_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int __real_getsockname(int fd, struct sockaddr *addr, socklen_t *len);
int __wrap_getsockname(int fd, struct sockaddr *addr, socklen_t *len);
int __real_getpeername(int fd, struct sockaddr *addr, socklen_t *len);
int __wrap_getpeername(int fd, struct sockaddr *addr, socklen_t *len);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len);

struct socket *net_find(int fd)
{
	if (!world_is_on() || fd < 0 || fd >= SOCKETS || !net_socket_of[fd].open)
		return NULL;
	return &net_socket_of[fd];
}

static int fail(int err)
{
	errno = err;
	return -1;
}

static union endpoint copy(const struct sockaddr *from, socklen_t len)
{
	union endpoint addr = { 0 };

	MUST(len == sizeof(addr.in) || len == sizeof(addr.in6));
	memcpy(&addr, from, len);
	return addr;
}

static int tell(const union endpoint *from, struct sockaddr *addr, socklen_t *len)
{
	if (*len > addr_len(from))
		*len = addr_len(from);
	memcpy(addr, from, *len);
	return 0;
}

bool net_is_silent(int fd)
{
	const struct socket *s = net_find(fd);

	return s && s->is_asked && !s->is_connected && s->err == EINPROGRESS;
}

void net_queue(struct socket *s, const union endpoint *from, const uint8_t *bytes, size_t n)
{
	if (s->n == QUEUE || (s->is_connected && !addr_same(&s->peer, from)))
		return;
	s->queue[s->n++] = (struct item){ *from, bytes, n };
	MUST(write(s->far, "", 1) == 1);
}

bool net_take(int fd, struct item *ret)
{
	struct socket *s = net_find(fd);
	char byte;

	if (!s->n)
		return false;
	MUST(read(fd, &byte, 1) == 1);
	*ret = s->queue[0];
	memmove(s->queue, s->queue + 1, --s->n * sizeof(*s->queue));
	return true;
}

void net_peer(uint8_t host)
{
	for (int fd = 0; fd < SOCKETS; fd++) {
		struct socket *s = net_find(fd);
		union endpoint from;

		if (!s || !s->is_listening)
			continue;
		from = net_host(host, s->own.sa.sa_family);
		if (host & 64)
			from = net_parse(s->own.sa.sa_family == AF_INET ? "127.0.0.1" : "::1", 443);
		net_queue(s, &from, NULL, 0);
	}
}

static struct socket *open_pair(int family, int type, int *ret)
{
	static unsigned opened;
	int ends[2];

	MUST(socketpair(AF_UNIX, type, 0, ends) == 0 && ends[0] < SOCKETS);
	*ret = ends[0];
	net_socket_of[ends[0]] = (struct socket){ .open = true,
						  .far = world_keep(ends[1]),
						  .number = ++opened,
						  .is_stream = (type & 15) == SOCK_STREAM,
						  .own.sa.sa_family = (sa_family_t)family };
	return &net_socket_of[ends[0]];
}

int __wrap_socket(int family, int type, int protocol)
{
	int fd;

	if (!world_is_on())
		return __real_socket(family, type, protocol);
	MUST(family == AF_INET || family == AF_INET6 ||
	     (family == AF_UNIX && (type & 15) == SOCK_STREAM));
	open_pair(family, type, &fd);
	return fd;
}

int __wrap_close(int fd)
{
	struct socket *s = net_find(fd);

	if (s && s->far >= 0)
		__real_close(s->far);
	if (s && s->own.sa.sa_family == AF_UNIX && s->is_connected && !world.has_parent)
		script_daemon_over();
	if (s)
		s->open = false;
	names_closed(fd);
	return __real_close(fd);
}

/* Is a socket of this kind bound to this port, at this address or at all? */
static bool is_taken(const struct socket *s, const union endpoint *own)
{
	for (int fd = 0; fd < SOCKETS; fd++) {
		const struct socket *other = net_find(fd);

		if (other && other != s && other->is_bound && other->is_stream == s->is_stream &&
		    other->own.sa.sa_family == own->sa.sa_family &&
		    addr_port(&other->own) == addr_port(own) &&
		    (addr_is_unspecified(own) || addr_is_unspecified(&other->own) ||
		     addr_same_host(own, &other->own)))
			return true;
	}
	return false;
}

int __wrap_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	static uint16_t port = 40000;
	struct socket *s = net_find(fd);
	union endpoint own;

	if (!s)
		return __real_bind(fd, addr, len);
	own = copy(addr, len);
	MUST(own.sa.sa_family == s->own.sa.sa_family);
	if (!net_is_ours(&own) && !addr_is_loopback(&own) && !addr_is_unspecified(&own))
		return fail(EADDRNOTAVAIL);
	if (addr_port(&own) % 4 == 1 || (addr_port(&own) && is_taken(s, &own)))
		return fail(EADDRINUSE);
	if (!addr_port(&own))
		addr_set_port(&own, port += 4);
	s->own = own;
	s->is_bound = true;
	return 0;
}

int __wrap_listen(int fd, int backlog)
{
	struct socket *s = net_find(fd);

	if (!s)
		return __real_listen(fd, backlog);
	/* A wildcard would let in every host that reaches any address of ours. */
	MUST(s->is_bound && !addr_is_unspecified(&s->own));
	s->is_listening = true;
	return 0;
}

/* From now on the script speaks for the far end of this socket. */
static void meet(struct socket *s)
{
	s->is_connected = true;
	if (world.far >= 0)
		__real_close(world.far);
	world.far = s->far;
	s->far = -1;
	world.far_sent.n = world.far_got.n = 0;
}

/* For a datagram socket: sends nothing, and chooses the address to send from. */
static int choose_way(struct socket *s)
{
	bool six = s->own.sa.sa_family == AF_INET6;

	if (net_error_of(&s->peer) == ENETUNREACH)
		return fail(ENETUNREACH);
	if (!s->is_bound)
		s->own = net_is_ours(&s->peer) || addr_is_loopback(&s->peer) ?
				 s->peer :
				 net_parse(six ? "2001:db8::1" : "192.0.2.1", 40001);
	s->is_connected = true;
	return 0;
}

static bool is_parent(const union endpoint *addr)
{
	union endpoint parent = net_parse("192.0.2.56", 0);

	return addr_same_host(addr, &parent);
}

/* saslauthd has one path, and the script speaks for it. It is busy at first. So has a parent. */
static int call_daemon(struct socket *s, const struct sockaddr_un *to)
{
	if (world.has_parent) {
		MUST(to->sun_family == AF_UNIX && strcmp(to->sun_path, "/run/tor/socks") == 0);
		meet(s);
		return 0;
	}
	MUST(to->sun_family == AF_UNIX && strcmp(to->sun_path, "/run/saslauthd/mux") == 0);
	if (!s->is_asked) {
		s->is_asked = true;
		return fail(EAGAIN);
	}
	meet(s);
	return 0;
}

int __wrap_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	struct socket *s = net_find(fd);

	if (!s)
		return __real_connect(fd, addr, len);
	if (s->is_connected)
		return fail(EISCONN);
	if (s->own.sa.sa_family == AF_UNIX)
		return call_daemon(s, (const struct sockaddr_un *)addr);
	if (!s->is_asked || !s->is_stream)
		s->peer = copy(addr, len);
	if (!s->is_stream)
		return choose_way(s);
	if (!s->is_asked) {
		if (world.has_parent)
			MUST(is_parent(&s->peer));
		else
			net_must_be_allowed(&s->peer);
		s->is_asked = true;
		s->err = net_error_of(&s->peer);
		if (!s->is_bound)
			s->own = net_parse(s->own.sa.sa_family == AF_INET6 ? "2001:db8::1" :
									     "192.0.2.1",
					   40001);
		/* Hosts with an even port answer at once. */
		if (addr_port(&s->peer) % 2)
			return fail(EINPROGRESS);
	}
	if (s->err)
		return fail(s->err);
	meet(s);
	return 0;
}

int __wrap_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
	struct socket *listener = net_find(fd), *s;
	struct item peer;
	int new;

	if (!listener)
		return __real_accept4(fd, addr, len, flags);
	if (!net_take(fd, &peer))
		return fail(EAGAIN);
	s = open_pair(listener->own.sa.sa_family, SOCK_STREAM | flags, &new);
	s->own = listener->own;
	s->peer = peer.from;
	meet(s);
	tell(&s->peer, addr, len);
	return new;
}

/* Returns an address of the client's connection, if fd is that and it is TCP. */
static const char *client_address(int fd, bool own)
{
	if (!world_is_on() || fd != (world.client == WORLD_ACTIVATED ? 3 : 0))
		return NULL;
	switch (world.client) {
	case WORLD_TCP:
		return own ? "192.0.2.1" : "192.0.2.7";
	case WORLD_TCP_LOOPBACK:
		return "127.0.0.1";
	case WORLD_ACTIVATED:
		return own ? "2001:db8::1" : "2001:db8::7";
	default:
		return NULL;
	}
}

int __wrap_getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
	const struct socket *s = net_find(fd);
	const char *text = client_address(fd, true);
	union endpoint own;

	if (!s && !text)
		return __real_getsockname(fd, addr, len);
	own = s ? s->own : net_parse(text, 1080);
	return tell(&own, addr, len);
}

int __wrap_getpeername(int fd, struct sockaddr *addr, socklen_t *len)
{
	const char *text = client_address(fd, false);
	union endpoint peer;

	if (!text)
		return __real_getpeername(fd, addr, len);
	peer = net_parse(text, 40000);
	return tell(&peer, addr, len);
}

/* Binding to a device is not permitted. */
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	if (!net_find(fd))
		return __real_setsockopt(fd, level, name, value, len);
	return level == SOL_SOCKET && name == SO_BINDTODEVICE ? fail(EPERM) : 0;
}

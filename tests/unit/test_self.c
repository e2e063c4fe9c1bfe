/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether an address is this host's own. The test stands in for the kernel and answers as real
 * kernels do, and as they never should: an answer that can't be trusted is an error.
 */
#include "net/netlink.h"
#include "net/self.h"
#include "tap.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 4711, FD = 77 };

/* What the kernel answers, what goes wrong, and what was seen of the program. */
static struct {
	int type;	/* RTN_*, or a negative errno: the route by the destination alone */
	int bound_type; /* the same, for sockets with options */
	int fails_at;	/* the number of the call that fails */
	int with;	/* with this errno */
	bool no_ipv6;
	/* What is wrong with the answer. */
	uint32_t sender, seq, port;
	int length, extent, message; /* bytes received, the length it claims, its type */
	bool is_late, never_comes;
	/* What was seen of the program. */
	int calls, open, requests, waits;
	struct netlink_request asked;
} kernel;

int __wrap_socket(int family, int type, int protocol);
int __wrap_close(int fd);
ssize_t __wrap_sendto(int fd, const void *p, size_t n, int flags, const struct sockaddr *to,
		      socklen_t len);
ssize_t __wrap_recvfrom(int fd, void *p, size_t n, int flags, struct sockaddr *from,
			socklen_t *len);
int __wrap_getsockname(int fd, struct sockaddr *addr, socklen_t *len);
int __wrap_wait_fd(int fd, short events, int64_t deadline_ms);

static int fail(int err)
{
	errno = err;
	return -1;
}

static bool fails(void)
{
	return ++kernel.calls == kernel.fails_at;
}

int __wrap_socket(int family, int type, int protocol)
{
	if (family == AF_INET6)
		return kernel.no_ipv6 ? fail(EAFNOSUPPORT) : (kernel.open++, FD);
	if (fails())
		return fail(kernel.with);
	is_int(family, AF_NETLINK, NULL);
	is_int(type, SOCK_RAW | SOCK_CLOEXEC, NULL);
	is_int(protocol, NETLINK_ROUTE, NULL);
	kernel.open++;
	return FD;
}

int __wrap_close(int fd)
{
	kernel.open -= fd == FD;
	return 0;
}

ssize_t __wrap_sendto(int fd, const void *p, size_t n, int flags, const struct sockaddr *to,
		      socklen_t len)
{
	const struct sockaddr_nl *kernels = (const void *)to;

	if (fails())
		return fail(kernel.with);
	is_int(fd, FD, "the request is sent to our socket");
	is_int(flags, 0, "  it has no flags");
	ok(len == sizeof(*kernels) && kernels->nl_family == AF_NETLINK && !kernels->nl_pid &&
		   !kernels->nl_groups,
	   "  it goes to the kernel");
	memset(&kernel.asked, 0, sizeof(kernel.asked));
	memcpy(&kernel.asked, p, n < sizeof(kernel.asked) ? n : sizeof(kernel.asked));
	is_int(kernel.asked.head.nlmsg_len, n, "  it is complete");
	is_int(kernel.asked.head.nlmsg_flags, NLM_F_REQUEST, "  it is marked as a request");
	kernel.requests++;
	return (ssize_t)n;
}

int __wrap_getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
	struct sockaddr_nl own = { .nl_family = AF_NETLINK, .nl_pid = PORT };

	(void)fd;
	if (fails())
		return fail(kernel.with);
	memcpy(addr, &own, *len = sizeof(own));
	return 0;
}

/* Returns the attribute of this type in the request, or NULL. */
static const void *attribute(uint16_t type, size_t len)
{
	const char *p = (const char *)&kernel.asked, *end = p + kernel.asked.head.nlmsg_len;
	size_t body = kernel.asked.head.nlmsg_type == RTM_GETROUTE ?
			      sizeof(kernel.asked.body.route) :
			      sizeof(kernel.asked.body.link);
	struct rtattr head;

	for (p += NLMSG_LENGTH(body); p < end; p += RTA_ALIGN(head.rta_len)) {
		memcpy(&head, p, sizeof(head));
		if (head.rta_len < sizeof(head))
			return NULL;
		if (head.rta_type == type)
			return head.rta_len == RTA_LENGTH(len) ? p + RTA_LENGTH(0) : NULL;
	}
	return NULL;
}

static int route_type(void)
{
	bool bound = attribute(RTA_OIF, 4) || attribute(RTA_MARK, 4) || attribute(RTA_SRC, 4) ||
		     attribute(RTA_SRC, 16);

	return bound ? kernel.bound_type : kernel.type;
}

static void answer(struct netlink_answer *ret)
{
	int type = route_type();

	ret->head.nlmsg_type = RTM_NEWROUTE;
	ret->head.nlmsg_seq = kernel.asked.head.nlmsg_seq + kernel.seq;
	ret->head.nlmsg_pid = PORT + kernel.port;
	if (kernel.asked.head.nlmsg_type == RTM_GETLINK) {
		ret->head.nlmsg_type = RTM_NEWLINK;
		ret->body.link.ifi_index = 42;
		type = strcmp(attribute(IFLA_IFNAME, 6) ? attribute(IFLA_IFNAME, 6) : "", "wire0") ?
			       -ENODEV :
			       0;
	} else {
		ret->body.route.rtm_type = (uint8_t)(type > 0 ? type : 0);
	}
	if (type < 0) {
		ret->head.nlmsg_type = NLMSG_ERROR;
		ret->body.error.error = type == -EOWNERDEAD ? 0 : type == -ENOTBLK ? 15 : type;
	}
	if (kernel.message)
		ret->head.nlmsg_type = (uint16_t)kernel.message;
}

ssize_t __wrap_recvfrom(int fd, void *p, size_t n, int flags, struct sockaddr *from, socklen_t *len)
{
	struct sockaddr_nl sender = { .nl_family = AF_NETLINK, .nl_pid = kernel.sender };
	struct netlink_answer a = { .head.nlmsg_len = 200 };
	int there = kernel.length ? kernel.length : 200;

	(void)fd;
	if (fails())
		return fail(kernel.with);
	ok(flags & MSG_DONTWAIT, "the answer is read without waiting for ever");
	if (kernel.is_late && !kernel.waits)
		return fail(EAGAIN);
	answer(&a);
	if (kernel.extent)
		a.head.nlmsg_len = (uint32_t)kernel.extent;
	memcpy(p, &a, n < sizeof(a) ? n : sizeof(a));
	memcpy(from, &sender, *len = sizeof(sender));
	return flags & MSG_TRUNC || there < (int)n ? there : (ssize_t)n;
}

int __wrap_wait_fd(int fd, short events, int64_t deadline_ms)
{
	int64_t left = deadline_ms - wait_now();

	ok(fd == FD && events == POLLIN, "the program waits for the answer");
	ok(left > 0 && left < 60000, "  for less than a minute");
	kernel.waits++;
	return kernel.never_comes ? -ETIMEDOUT : 0;
}

static const union endpoint *parsed(const char *text)
{
	static union endpoint addr;

	if (addr_parse(text, &addr) < 0)
		ok(false, "%s is an address", text);
	return &addr;
}

static const struct net_options plain;

static int ask(const struct net_options *o, const char *addr)
{
	int self;

	kernel.calls = kernel.open = kernel.requests = kernel.waits = 0;
	self = self_has(o, parsed(addr));
	is_int(kernel.open, 0, "%s: every socket is closed", addr);
	return self;
}

static void test_types(void)
{
	static const struct {
		int type, self;
		const char *name;
	} cases[] = {
		{ RTN_LOCAL, 1, "local" },
		{ RTN_ANYCAST, 1, "anycast" },
		{ RTN_BROADCAST, 1, "broadcast" },
		{ RTN_UNICAST, 0, "unicast" },
		{ RTN_MULTICAST, 0, "multicast" },
		{ RTN_BLACKHOLE, 0, "blackhole" },
		{ RTN_UNREACHABLE, 0, "unreachable" },
		{ RTN_PROHIBIT, 0, "prohibit" },
		{ -ENETUNREACH, 0, "no route" },
		{ -EHOSTUNREACH, 0, "no route to the host" },
		{ -EACCES, 0, "prohibited" },
		{ -EINVAL, 0, "nowhere" },
		{ RTN_UNSPEC, -EBADMSG, "no type" },
		{ RTN_THROW, -EBADMSG, "throw" },
		{ RTN_NAT, -EBADMSG, "nat" },
		{ 99, -EBADMSG, "unheard of" },
		{ -EPERM, -EPERM, "forbidden" },
		{ -ENOBUFS, -ENOBUFS, "no memory" },
		{ -ENETDOWN, -ENETDOWN, "network down" },
		{ -EINTR, -EINTR, "interrupted" },
		{ -EOWNERDEAD, -EBADMSG, "an error that is none" },
		{ -ENOTBLK, -EBADMSG, "a wrong sign" },
	};
	static const char *const hosts[] = { "192.0.2.1", "2001:db8::1" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t k = 0; k < 2; k++) {
			kernel.type = cases[i].type;
			is_int(ask(&plain, hosts[k]), cases[i].self, "%s: %s", hosts[k],
			       cases[i].name);
			is_int(kernel.requests, 1, "  the kernel is asked once");
			is_mem(attribute(RTA_DST, k ? 16 : 4), k ? 16 : 4,
			       k ? "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1" : "\xc0\0\2\1",
			       k ? 16 : 4, "  it is asked about this address");
			is_int(kernel.asked.head.nlmsg_type, RTM_GETROUTE,
			       "  it is asked for the route");
			is_int(kernel.asked.body.route.rtm_family, k ? AF_INET6 : AF_INET,
			       "  in the address's family");
			is_int(kernel.asked.body.route.rtm_dst_len, k ? 128 : 32,
			       "  with all of its bits");
		}
	/* "Not supported" is an answer only if this host has no IPv6 at all. */
	kernel.type = -EOPNOTSUPP;
	is_int(ask(&plain, "192.0.2.1"), -EOPNOTSUPP, "IPv4 routes not supported: no answer");
	is_int(ask(&plain, "2001:db8::1"), -EOPNOTSUPP,
	       "IPv6 routes not supported, though there is IPv6: no answer");
	kernel.no_ipv6 = true;
	is_int(ask(&plain, "2001:db8::1"), 0, "a host without IPv6 has no IPv6 address");
	is_int(ask(&plain, "192.0.2.1"), -EOPNOTSUPP, "  which says nothing of IPv4");
	kernel.no_ipv6 = false;
}

/* An error of a system call says nothing about the address. */
static void test_failures(void)
{
	static const int errors[] = { EACCES, EINVAL,  ENETUNREACH,  EHOSTUNREACH, EPERM,
				      EMFILE, ENOBUFS, EAFNOSUPPORT, EOPNOTSUPP,   EINTR };

	kernel.type = RTN_UNICAST;
	kernel.no_ipv6 = true;
	for (kernel.fails_at = 1; kernel.fails_at <= 4; kernel.fails_at++)
		for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
			kernel.with = errors[i];
			is_int(ask(&plain, "2001:db8::1"), -errors[i], "call %d fails: %s",
			       kernel.fails_at, strerror(errors[i]));
		}
	kernel.no_ipv6 = false;
	is_int(ask(&plain, "192.0.2.1"), 0, "only those four calls are made");
	kernel.fails_at = 0;
}

/* Asks when one thing is wrong with the answer. */
#define WRONG(member, value, name)                                                                 \
	do {                                                                                       \
		kernel.member = (value);                                                           \
		is_int(ask(&plain, "192.0.2.1"), -EBADMSG, name);                                  \
		kernel.member = 0;                                                                 \
	} while (0)

static void test_answers(void)
{
	const int head = NLMSG_HDRLEN, body = head + (int)sizeof(struct rtmsg);

	kernel.type = RTN_UNICAST;
	WRONG(sender, 1, "refused: an answer from another process");
	WRONG(seq, 1, "refused: an answer to another request");
	WRONG(port, 1, "refused: an answer to another socket");
	WRONG(message, RTM_NEWLINK, "refused: an answer of another type");
	WRONG(message, NLMSG_DONE, "refused: an end instead of an answer");
	WRONG(length, head - 1, "refused: less than a header");
	WRONG(length, body - 1, "refused: half a body");
	WRONG(length, 199, "refused: fewer bytes than the answer claims");
	WRONG(extent, head - 1, "refused: a claim of less than a header");
	WRONG(extent, body - 1, "refused: a claim of half a body");
	WRONG(extent, 201, "refused: a claim of more bytes than there are");
	kernel.type = -ENETUNREACH;
	WRONG(length, head + (int)sizeof(struct nlmsgerr) - 1, "refused: half an error message");
	WRONG(extent, head + (int)sizeof(struct nlmsgerr) - 1,
	      "refused: a claim of half an error message");
	kernel.type = RTN_UNICAST;
	is_int(ask(&plain, "192.0.2.1"), 0, "an answer with nothing wrong is accepted");

	kernel.is_late = true;
	is_int(ask(&plain, "192.0.2.1"), 0, "a late answer is accepted");
	is_int(kernel.waits, 1, "  after one wait");
	kernel.never_comes = true;
	is_int(ask(&plain, "192.0.2.1"), -ETIMEDOUT, "an answer that never comes is a timeout");
	kernel.is_late = kernel.never_comes = false;
}

/* The options of a session's sockets are asked about too, and one yes is enough. */
static void test_options(void)
{
	struct net_options o = { .out.source.ipv4 = *parsed("192.0.2.9"),
				 .out.has_mark = true,
				 .out.mark = 7,
				 .out.interface = "wire0" };
	const uint32_t mark = 7, device = 42;

	kernel.type = kernel.bound_type = RTN_UNICAST;
	is_int(ask(&o, "192.0.2.1"), 0, "with options: not ours by either question");
	is_int(kernel.requests, 3, "  two questions, and one for the device's number");
	is_mem(attribute(RTA_OIF, 4), 4, &device, 4, "  the device is in the question");
	is_mem(attribute(RTA_MARK, 4), 4, &mark, 4, "  the mark is in the question");
	is_mem(attribute(RTA_SRC, 4), 4, "\xc0\0\2\x09", 4, "  the source is in the question");
	is_int(kernel.asked.body.route.rtm_src_len, 32, "  with all of its bits");
	is_mem(attribute(RTA_DST, 4), 4, "\xc0\0\2\1", 4, "  the destination is in the question");
	is_int(ask(&o, "2001:db8::1"), 0, "with options: an address of the other family");
	ok(!attribute(RTA_SRC, 4) && !attribute(RTA_SRC, 16), "  has no source in the question");
	kernel.bound_type = RTN_LOCAL;
	is_int(ask(&o, "192.0.2.1"), 1, "with options: ours by the options alone");
	is_int(ask(&plain, "192.0.2.1"), 0, "  not ours without them");
	kernel.type = RTN_LOCAL;
	kernel.bound_type = -ENETUNREACH;
	is_int(ask(&o, "192.0.2.1"), 1, "with options: ours without them");
	is_int(kernel.requests, 1, "  the kernel is asked once");
	kernel.type = RTN_UNICAST;
	is_int(ask(&o, "192.0.2.1"), 0, "with options: no route by them");
	kernel.bound_type = -EPERM;
	is_int(ask(&o, "192.0.2.1"), -EPERM, "with options: no answer by them is an error");

	kernel.bound_type = RTN_UNICAST;
	strcpy(o.out.interface, "gone0");
	is_int(ask(&o, "192.0.2.1"), -ENODEV,
	       "with options: a device that does not exist is an error");
	o = (struct net_options){ .out.source.ipv6 = *parsed("2001:db8::9") };
	is_int(ask(&o, "2001:db8::1"), 0, "with options: an IPv6 source");
	ok(attribute(RTA_SRC, 16) && !attribute(RTA_OIF, 4) && !attribute(RTA_MARK, 4),
	   "  is all that is in the question");
	is_int(ask(&o, "192.0.2.1"), 0, "  does not concern IPv4");
	is_int(kernel.requests, 1, "  the kernel is asked once");
	o = (struct net_options){ .out.has_mark = true };
	kernel.bound_type = RTN_LOCAL;
	is_int(ask(&o, "192.0.2.1"), 1, "with options: a mark of 0 is a mark");
}

static void test_external(void)
{
	struct net_options o = { 0 };

	o.external.ipv4 = *parsed("203.0.113.5");
	o.external.ipv6 = *parsed("2001:db8::5");
	kernel.type = RTN_UNICAST;
	kernel.requests = 0;
	is_int(self_is(&o, parsed("203.0.113.5"), false), 1, "the external address is ours");
	is_int(self_is(&o, parsed("2001:db8::5"), false), 1, "  the one of IPv6 too");
	is_int(kernel.requests, 0, "  the kernel is not asked");
	is_int(self_is(&o, parsed("203.0.113.5"), true), 0,
	       "a client at the external address may be another host");
	is_int(self_is(&o, parsed("203.0.113.6"), false), 0, "another destination is not ours");
	is_int(self_has(&o, parsed("203.0.113.5")), 0,
	       "self_has() tells only what the kernel says");
	kernel.type = RTN_LOCAL;
	is_int(self_is(&o, parsed("203.0.113.5"), true), 1,
	       "a client is ours if the kernel says so");
}

int main(void)
{
	test_types();
	test_failures();
	test_answers();
	test_options();
	test_external();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is an address of this host? A kernel of the test's own says what real ones say, and what they
 * never should: an answer that can't be trusted is none.
 */
#include "net/netlink.h"
#include "net/self.h"
#include "tap.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 4711, FD = 77 };

/* The answer to questions with and without attributes beyond the destination; what goes wrong. */
static struct {
	int type, bound_type; /* RTN_*, or a negative errno; as sockets with options have it */
	int fails_at;	      /* the number of the call that fails */
	int with;	      /* this errno */
	bool no_ipv6;
	/* What is wrong with the answer. */
	uint32_t sender, seq, port;
	int length, extent, message; /* what is there, what it claims, of which type it is */
	bool is_late, never_comes;
	/* What was seen. */
	int calls, open, requests, waits;
	struct netlink_request asked;
} kernel;

int __wrap_socket(int family, int type, int protocol);
int __wrap_close(int fd);
ssize_t __wrap_sendto(int fd, const void *p, size_t n, int flags, const struct sockaddr *to,
	socklen_t len);
ssize_t __wrap_recvfrom(int fd, void *p, size_t n, int flags, struct sockaddr *from, socklen_t *len);
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
	is_int(fd, FD, "the request: at our socket");
	is_int(flags, 0, "  without flags");
	ok(len == sizeof(*kernels) && kernels->nl_family == AF_NETLINK && !kernels->nl_pid &&
		!kernels->nl_groups, "  to the kernel");
	memset(&kernel.asked, 0, sizeof(kernel.asked));
	memcpy(&kernel.asked, p, n < sizeof(kernel.asked) ? n : sizeof(kernel.asked));
	is_int(kernel.asked.head.nlmsg_len, n, "  whole");
	is_int(kernel.asked.head.nlmsg_flags, NLM_F_REQUEST, "  a request");
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

/* The attribute of this type in the request; NULL: none. */
static const void *attribute(uint16_t type, size_t len)
{
	const char *p = (const char *)&kernel.asked, *end = p + kernel.asked.head.nlmsg_len;
	size_t body = kernel.asked.head.nlmsg_type == RTM_GETROUTE ? sizeof(kernel.asked.body.route)
								   : sizeof(kernel.asked.body.link);
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
		type = strcmp(attribute(IFLA_IFNAME, 6) ? attribute(IFLA_IFNAME, 6) : "", "wire0")
			       ? -ENODEV : 0;
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
	ok(flags & MSG_DONTWAIT, "nobody waits for ever");
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

	ok(fd == FD && events == POLLIN, "waits for the answer");
	ok(left > 0 && left < 60000, "  for some seconds");
	kernel.waits++;
	return kernel.never_comes ? -ETIMEDOUT : 0;
}

static const union endpoint *parsed(const char *text)
{
	static union endpoint addr;

	if (addr_parse(text, &addr) < 0)
		ok(false, "%s", text);
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
		{ RTN_LOCAL, 1, "local" }, { RTN_ANYCAST, 1, "anycast" }, { RTN_BROADCAST, 1, "broadcast" },
		{ RTN_UNICAST, 0, "unicast" }, { RTN_MULTICAST, 0, "multicast" },
		{ RTN_BLACKHOLE, 0, "blackhole" }, { RTN_UNREACHABLE, 0, "unreachable" },
		{ RTN_PROHIBIT, 0, "prohibit" }, { -ENETUNREACH, 0, "no route" },
		{ -EHOSTUNREACH, 0, "no route to the host" }, { -EACCES, 0, "prohibited" },
		{ -EINVAL, 0, "nowhere" }, { RTN_UNSPEC, -EBADMSG, "no type" },
		{ RTN_THROW, -EBADMSG, "throw" }, { RTN_NAT, -EBADMSG, "nat" }, { 99, -EBADMSG, "unheard of" },
		{ -EPERM, -EPERM, "forbidden" }, { -ENOBUFS, -ENOBUFS, "no memory" },
		{ -ENETDOWN, -ENETDOWN, "network down" }, { -EINTR, -EINTR, "interrupted" },
		{ -EOWNERDEAD, -EBADMSG, "an error that is none" }, { -ENOTBLK, -EBADMSG, "a wrong sign" },
	};
	static const char *const hosts[] = { "192.0.2.1", "2001:db8::1" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t k = 0; k < 2; k++) {
			kernel.type = cases[i].type;
			is_int(ask(&plain, hosts[k]), cases[i].self, "%s: %s", hosts[k], cases[i].name);
			is_int(kernel.requests, 1, "  one question");
			is_mem(attribute(RTA_DST, k ? 16 : 4), k ? 16 : 4,
				k ? "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1" : "\xc0\0\2\1",
				k ? 16 : 4, "  about this address");
			is_int(kernel.asked.head.nlmsg_type, RTM_GETROUTE, "  the route to it");
			is_int(kernel.asked.body.route.rtm_family, k ? AF_INET6 : AF_INET, "  its family");
			is_int(kernel.asked.body.route.rtm_dst_len, k ? 128 : 32, "  all of it");
		}
	/* Only where there is no IPv6 at all may nobody know of its routes. */
	kernel.type = -EOPNOTSUPP;
	is_int(ask(&plain, "192.0.2.1"), -EOPNOTSUPP, "IPv4 without routes");
	is_int(ask(&plain, "2001:db8::1"), -EOPNOTSUPP, "IPv6 without routes");
	kernel.no_ipv6 = true;
	is_int(ask(&plain, "2001:db8::1"), 0, "no IPv6");
	is_int(ask(&plain, "192.0.2.1"), -EOPNOTSUPP, "  is no matter of IPv4");
	kernel.no_ipv6 = false;
}

/* What our own calls come to says nothing about the address. */
static void test_failures(void)
{
	static const int errors[] = { EACCES, EINVAL, ENETUNREACH, EHOSTUNREACH, EPERM, EMFILE, ENOBUFS,
		EAFNOSUPPORT, EOPNOTSUPP, EINTR };

	kernel.type = RTN_UNICAST;
	kernel.no_ipv6 = true;
	for (kernel.fails_at = 1; kernel.fails_at <= 4; kernel.fails_at++)
		for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
			kernel.with = errors[i];
			is_int(ask(&plain, "2001:db8::1"), -errors[i], "call %d: %s", kernel.fails_at,
				strerror(errors[i]));
		}
	kernel.no_ipv6 = false;
	is_int(ask(&plain, "192.0.2.1"), 0, "four calls are all");
	kernel.fails_at = 0;
}

/* One thing is wrong with the answer. */
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
	WRONG(sender, 1, "another process answers");
	WRONG(seq, 1, "to another request");
	WRONG(port, 1, "to another socket");
	WRONG(message, RTM_NEWLINK, "with something else");
	WRONG(message, NLMSG_DONE, "with an end");
	WRONG(length, head - 1, "not even a head");
	WRONG(length, body - 1, "half a body");
	WRONG(length, 199, "less than it claims to be");
	WRONG(extent, head - 1, "a claim of no length");
	WRONG(extent, body - 1, "a claim of half a body");
	WRONG(extent, 201, "a claim of more than there is");
	kernel.type = -ENETUNREACH;
	WRONG(length, head + (int)sizeof(struct nlmsgerr) - 1, "half a refusal");
	WRONG(extent, head + (int)sizeof(struct nlmsgerr) - 1, "a claim of half a refusal");
	kernel.type = RTN_UNICAST;
	is_int(ask(&plain, "192.0.2.1"), 0, "nothing is wrong");

	kernel.is_late = true;
	is_int(ask(&plain, "192.0.2.1"), 0, "it comes late");
	is_int(kernel.waits, 1, "  and is waited for");
	kernel.never_comes = true;
	is_int(ask(&plain, "192.0.2.1"), -ETIMEDOUT, "it never comes");
	kernel.is_late = kernel.never_comes = false;
}

/* What belongs to the sockets of a session is asked as well, and one yes is enough. */
static void test_options(void)
{
	struct net_options o = { .source.ipv4 = *parsed("192.0.2.9"), .has_mark = true, .mark = 7,
		.interface = "wire0"};
	const uint32_t mark = 7, device = 42;

	kernel.type = kernel.bound_type = RTN_UNICAST;
	is_int(ask(&o, "192.0.2.1"), 0, "neither");
	is_int(kernel.requests, 3, "two questions, and which device it is");
	is_mem(attribute(RTA_OIF, 4), 4, &device, 4, "  the device");
	is_mem(attribute(RTA_MARK, 4), 4, &mark, 4, "  the mark");
	is_mem(attribute(RTA_SRC, 4), 4, "\xc0\0\2\x09", 4, "  the source");
	is_int(kernel.asked.body.route.rtm_src_len, 32, "  all of it");
	is_mem(attribute(RTA_DST, 4), 4, "\xc0\0\2\1", 4, "  the destination");
	is_int(ask(&o, "2001:db8::1"), 0, "the other family");
	ok(!attribute(RTA_SRC, 4) && !attribute(RTA_SRC, 16), "  has no source");
	kernel.bound_type = RTN_LOCAL;
	is_int(ask(&o, "192.0.2.1"), 1, "ours by the options");
	is_int(ask(&plain, "192.0.2.1"), 0, "  and not without");
	kernel.type = RTN_LOCAL;
	kernel.bound_type = -ENETUNREACH;
	is_int(ask(&o, "192.0.2.1"), 1, "ours whatever the options are");
	is_int(kernel.requests, 1, "  one question");
	kernel.type = RTN_UNICAST;
	is_int(ask(&o, "192.0.2.1"), 0, "no way by the options");
	kernel.bound_type = -EPERM;
	is_int(ask(&o, "192.0.2.1"), -EPERM, "no answer by the options");

	kernel.bound_type = RTN_UNICAST;
	strcpy(o.interface, "gone0");
	is_int(ask(&o, "192.0.2.1"), -ENODEV, "no such device");
	o = (struct net_options){ .source.ipv6 = *parsed("2001:db8::9")};
	is_int(ask(&o, "2001:db8::1"), 0, "a source of IPv6");
	ok(attribute(RTA_SRC, 16) && !attribute(RTA_OIF, 4) && !attribute(RTA_MARK, 4), "  alone");
	is_int(ask(&o, "192.0.2.1"), 0, "  for IPv4");
	is_int(kernel.requests, 1, "  one question");
	o = (struct net_options){ .has_mark = true};
	kernel.bound_type = RTN_LOCAL;
	is_int(ask(&o, "192.0.2.1"), 1, "a mark of 0 is one");
}

static void test_external(void)
{
	struct net_options o = { 0 };

	o.external.ipv4 = *parsed("203.0.113.5");
	o.external.ipv6 = *parsed("2001:db8::5");
	kernel.type = RTN_UNICAST;
	kernel.requests = 0;
	is_int(self_is(&o, parsed("203.0.113.5"), false), 1, "the address that clients are told");
	is_int(self_is(&o, parsed("2001:db8::5"), false), 1, "  of IPv6");
	is_int(kernel.requests, 0, "  nobody is asked");
	is_int(self_is(&o, parsed("203.0.113.5"), true), 0, "a client from there may be anybody");
	is_int(self_is(&o, parsed("203.0.113.6"), false), 0, "another destination");
	is_int(self_has(&o, parsed("203.0.113.5")), 0, "the kernel's word alone");
	kernel.type = RTN_LOCAL;
	is_int(self_is(&o, parsed("203.0.113.5"), true), 1, "a client of ours");
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the kernel for the route to an address: its type says whether the route ends at this host.
 * That needs no privilege. Sends nothing to the address, and remembers no answer.
 */
#include "net/self.h"
#include "net/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A kernel without IPv6 has no IPv6 routes, and no IPv6 socket could reach the address. */
static bool is_missing(int family)
{
	int fd;

	if (family != AF_INET6)
		return false;
	fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno == EAFNOSUPPORT;
	close(fd);
	return false;
}

static int judge_refusal(int err, int family)
{
	switch (-err) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EACCES:
	case EINVAL:
		return 0; /* no route leads there */
	case EOPNOTSUPP:
		return is_missing(family) ? 0 : err;
	default:
		return err < 0 ? err : -EBADMSG;
	}
}

static int judge_route(unsigned type)
{
	switch (type) {
	case RTN_LOCAL:
	case RTN_ANYCAST:
	case RTN_BROADCAST:
		return 1;
	case RTN_UNICAST:
	case RTN_MULTICAST: /* the rules know it by its range */
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
		return 0;
	default:
		return -EBADMSG;
	}
}

static int ends_here(struct netlink *l, struct netlink_request *q)
{
	struct netlink_answer a;
	int err = netlink_ask(l, q, RTM_NEWROUTE, sizeof(a.body.route), &a);

	if (err < 0)
		return err;
	if (a.head.nlmsg_type == NLMSG_ERROR)
		return judge_refusal(a.body.error.error, q->body.route.rtm_family);
	return judge_route(a.body.route.rtm_type);
}

static void add_address(struct netlink_request *q, uint16_t type, const union endpoint *addr)
{
	if (addr->sa.sa_family == AF_INET)
		netlink_add(q, type, &addr->in.sin_addr, sizeof(addr->in.sin_addr));
	else
		netlink_add(q, type, &addr->in6.sin6_addr, sizeof(addr->in6.sin6_addr));
}

static void begin_route(struct netlink_request *q, const union endpoint *addr)
{
	netlink_begin(q, RTM_GETROUTE, sizeof(q->body.route));
	q->body.route.rtm_family = (uint8_t)addr->sa.sa_family;
	q->body.route.rtm_dst_len = addr->sa.sa_family == AF_INET ? 32 : 128;
	add_address(q, RTA_DST, addr);
}

static int add_interface(struct netlink *l, struct netlink_request *ret, const char *name)
{
	struct netlink_request q;
	struct netlink_answer a;
	int err;

	netlink_begin(&q, RTM_GETLINK, sizeof(q.body.link));
	netlink_add(&q, IFLA_IFNAME, name, strlen(name) + 1);
	err = netlink_ask(l, &q, RTM_NEWLINK, sizeof(a.body.link), &a);
	if (err < 0)
		return err;
	if (a.head.nlmsg_type == NLMSG_ERROR)
		return a.body.error.error < 0 ? a.body.error.error : -EBADMSG;
	netlink_add(ret, RTA_OIF, &a.body.link.ifi_index, sizeof(a.body.link.ifi_index));
	return 0;
}

/* Asks as a session's sockets do: a VRF, or rules for a mark or a source, may route differently. */
static int ends_here_for_ours(struct netlink *l, const struct net_options *o,
			      const union endpoint *addr)
{
	const union endpoint *from =
		addr->sa.sa_family == AF_INET ? &o->out.source.ipv4 : &o->out.source.ipv6;
	struct netlink_request q;
	int err;

	if (!o->out.interface[0] && !o->out.has_mark && from->sa.sa_family == AF_UNSPEC)
		return 0;
	begin_route(&q, addr);
	if (from->sa.sa_family != AF_UNSPEC) {
		q.body.route.rtm_src_len = q.body.route.rtm_dst_len;
		add_address(&q, RTA_SRC, from);
	}
	if (o->out.has_mark)
		netlink_add(&q, RTA_MARK, &o->out.mark, sizeof(o->out.mark));
	if (o->out.interface[0]) {
		err = add_interface(l, &q, o->out.interface);
		if (err < 0)
			return err;
	}
	return ends_here(l, &q);
}

int self_has(const struct net_options *o, const union endpoint *addr)
{
	struct netlink_request q;
	struct netlink l;
	int self = netlink_open(&l);

	if (self < 0)
		return self;
	begin_route(&q, addr);
	self = ends_here(&l, &q);
	if (!self)
		self = ends_here_for_ours(&l, o, addr);
	netlink_close(&l);
	return self;
}

static bool is_external(const struct net_options *o, const union endpoint *addr)
{
	return addr_same_host(addr, &o->external.ipv4) || addr_same_host(addr, &o->external.ipv6);
}

int self_is(const void *net_options, const union endpoint *addr, bool client)
{
	const struct net_options *o = net_options;

	return !client && is_external(o, addr) ? 1 : self_has(o, addr);
}

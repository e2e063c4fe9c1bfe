/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hosts of the world: their addresses, how they answer, who must not reach them, and the routes
 * that the kernel knows to them.
 */
#include "net/netlink.h"
#include "world_net.h"

int __real_netlink_open(struct netlink *ret);
int __wrap_netlink_open(struct netlink *ret);
void __real_netlink_close(struct netlink *l);
void __wrap_netlink_close(struct netlink *l);
int __real_netlink_ask(struct netlink *l, struct netlink_request *q, uint16_t type, size_t body,
		       struct netlink_answer *ret);
int __wrap_netlink_ask(struct netlink *l, struct netlink_request *q, uint16_t type, size_t body,
		       struct netlink_answer *ret);

union endpoint net_parse(const char *text, uint16_t port)
{
	union endpoint addr = { 0 };

	MUST(addr_parse(text, &addr) == 0);
	addr_set_port(&addr, port);
	return addr;
}

union endpoint net_host(uint8_t number, sa_family_t family)
{
	union endpoint addr = net_parse(family == AF_INET ? "198.51.100.0" : "2001:db8:1::", 443);

	if (family == AF_INET)
		addr.in.sin_addr.s_addr |= htonl(number & 15);
	else
		addr.in6.sin6_addr.s6_addr[15] = number & 15;
	return addr;
}

int net_error_of(const union endpoint *addr)
{
	static const int error[16] = {
		[1] = ECONNREFUSED, [2] = ENETUNREACH, [3] = EHOSTUNREACH, [4] = EACCES,
		[5] = ETIMEDOUT,    [6] = EINPROGRESS, [7] = ENOBUFS
	};
	uint8_t last = addr->sa.sa_family == AF_INET ? ntohl(addr->in.sin_addr.s_addr) & 0xff :
						       addr->in6.sin6_addr.s6_addr[15];

	return error[last & 15];
}

bool net_is_ours(const union endpoint *addr)
{
	union endpoint four = net_parse("192.0.2.1", 0), six = net_parse("2001:db8::1", 0);

	return addr_same_host(addr, &four) || addr_same_host(addr, &six);
}

int __wrap_netlink_open(struct netlink *ret)
{
	return world_is_on() ? 0 : __real_netlink_open(ret);
}

void __wrap_netlink_close(struct netlink *l)
{
	if (!world_is_on())
		__real_netlink_close(l);
}

/* The destination comes first among the attributes. */
static union endpoint destination(const struct netlink_request *q)
{
	const uint8_t *bytes =
		(const uint8_t *)q + NLMSG_LENGTH(sizeof(q->body.route)) + RTA_LENGTH(0);
	union endpoint addr;

	if (q->body.route.rtm_family == AF_INET)
		addr_set_ipv4(&addr, bytes, 0);
	else
		addr_set_ipv6(&addr, bytes, 0);
	return addr;
}

int __wrap_netlink_ask(struct netlink *l, struct netlink_request *q, uint16_t type, size_t body,
		       struct netlink_answer *ret)
{
	union endpoint to;

	if (!world_is_on())
		return __real_netlink_ask(l, q, type, body, ret);
	memset(ret, 0, sizeof(*ret));
	ret->head.nlmsg_type = type;
	if (q->head.nlmsg_type == RTM_GETLINK) {
		ret->body.link.ifi_index = 2;
		return 0;
	}
	MUST(q->head.nlmsg_type == RTM_GETROUTE);
	to = destination(q);
	ret->body.route.rtm_type =
		net_is_ours(&to) || addr_is_loopback(&to) ? RTN_LOCAL : RTN_UNICAST;
	if (ret->body.route.rtm_type == RTN_UNICAST && net_error_of(&to) == ENETUNREACH) {
		ret->head.nlmsg_type = NLMSG_ERROR;
		ret->body.error.error = -ENETUNREACH;
	}
	return 0;
}

static union endpoint inner(const struct addr_embedded *inside)
{
	const uint32_t four = htonl(inside->v4);
	union endpoint addr;

	addr_set_ipv4(&addr, (const uint8_t *)&four, 0);
	return addr;
}

static bool is_special(const union endpoint *addr)
{
	const struct in6_addr *six = &addr->in6.sin6_addr;
	struct addr_embedded inside[ADDR_EMBEDDED_MAX];
	uint32_t four;

	if (addr_is_loopback(addr) || addr_is_unspecified(addr) || net_is_ours(addr))
		return true;
	/* A guess that begins with 0 may be padding in front of the real address. */
	for (unsigned n = addr_embedded_ipv4(addr, inside), i = 0; i < n; i++) {
		const union endpoint v4 = inner(&inside[i]);

		if ((inside[i].v4 >> 24 || !inside[i].guess) && is_special(&v4))
			return true;
	}
	if (addr->sa.sa_family != AF_INET)
		return IN6_IS_ADDR_LINKLOCAL(six) || IN6_IS_ADDR_MULTICAST(six);
	four = ntohl(addr->in.sin_addr.s_addr);
	return IN_MULTICAST(four) || four >> 16 == 0xa9fe;
}

void net_must_be_allowed(const union endpoint *addr)
{
	struct addr_embedded inside[ADDR_EMBEDDED_MAX];
	unsigned n = addr_embedded_ipv4(addr, inside);

	MUST(world.is_local || !is_special(addr));
	for (unsigned i = 0; i < n; i++) {
		union endpoint four = inner(&inside[i]);

		MUST(!world.denies || ntohl(four.in.sin_addr.s_addr) >> 8 != 0xcb0071);
	}
	if (addr->sa.sa_family == AF_INET)
		MUST(!world.denies || ntohl(addr->in.sin_addr.s_addr) >> 8 != 0xcb0071);
}

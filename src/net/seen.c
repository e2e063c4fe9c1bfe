/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the source address of datagrams by the kernel's routes, or knows it from --external. Asks
 * no other host.
 */
#include "net/seen.h"
#include "net/self.h"
#include "rules/rules.h"

#include <errno.h>

/* Returns 1 if a NAT that makes this host look like `external` stands in front of `to`; 0; -errno.
 */
static int is_translated(const struct net_options *o, const union endpoint *external,
			 const union endpoint *to)
{
	int self;

	if (external->sa.sa_family == AF_UNSPEC ||
	    (rules_is_private(to) && !rules_is_private(external)) ||
	    rules_special(to, NULL, NULL, NULL) != RULES_ORDINARY)
		return 0;
	self = self_has(o, external);
	if (!self)
		self = self_has(o, to);
	return self < 0 ? self : !self;
}

int net_seen_as(const struct net_options *o, int fd, const union endpoint *to, union endpoint *ret)
{
	const union endpoint *external =
		to->sa.sa_family == AF_INET ? &o->external.ipv4 : &o->external.ipv6;
	uint16_t port = 0;
	int err = net_take_port(fd, &port), translated;

	if (err < 0)
		return err;
	translated = is_translated(o, external, to);
	if (translated < 0)
		return translated;
	/* Ask for the route in either case: if there is none, nobody sees us. */
	err = net_local(o, to, ret);
	if (err < 0)
		return err;
	if (translated)
		*ret = *external;
	addr_set_port(ret, port);
	return 0;
}

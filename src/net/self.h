/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses are of this host: the kernel is asked, by RTM_GETROUTE of rtnetlink(7). */
#ifndef NET_SELF_H
#define NET_SELF_H

#include "net/socket.h"
#include "wire/addr.h"

#include <stdbool.h>

/*
 * Does a packet to this address end on this host? It does at the addresses of its devices, in
 * prefixes that are routed to it, at their anycast and broadcast addresses. The kernel is asked
 * twice, for any socket and for one with --interface, --mark and --source: one yes is enough.
 * Returns 1, 0, or a negative errno where that can't be told.
 */
int self_has(const struct net_options *o, const union endpoint *addr);

/*
 * The same as a rules_is_self, with struct net_options as context. As destinations, the addresses
 * of
 * --external are of this host as well. As clients they are not: behind NAT, neighbours of this host
 * may come from there.
 */
int self_is(const void *net_options, const union endpoint *addr, bool client);

#endif

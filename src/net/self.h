/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells which addresses are this host's own, by asking the kernel (RTM_GETROUTE, rtnetlink(7)). */
#ifndef NET_SELF_H
#define NET_SELF_H

#include "net/socket.h"
#include "wire/addr.h"

#include <stdbool.h>

/*
 * Does a packet to this address end on this host? It does for the addresses of this host's devices,
 * for prefixes that are routed to this host, and for the anycast and broadcast addresses of these.
 * The kernel is asked twice: for any socket, and for one with --interface, --mark and --source. One
 * yes is enough. Returns 1, 0, or a negative errno if the kernel gave no answer.
 */
int self_has(const struct net_options *o, const union endpoint *addr);

/*
 * Does the same as a rules_is_self, whose context is struct net_options. The addresses of
 * --external are this host's own when they are destinations. They are not when they are clients,
 * because behind NAT the neighbours of this host may come from these addresses.
 */
int self_is(const void *net_options, const union endpoint *addr, bool client);

#endif

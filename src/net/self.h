/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells which addresses are this host's own, by asking the kernel (RTM_GETROUTE, rtnetlink(7)). */
#ifndef NET_SELF_H
#define NET_SELF_H

#include "net/socket.h"
#include "wire/addr.h"

#include <stdbool.h>

/*
 * Returns 1 if a packet to this address ends on this host, 0 if it does not, or a negative errno if
 * the kernel gave no answer. It ends here for the addresses of this host's devices, for prefixes
 * that are routed to this host, and for the anycast and broadcast addresses of these. Asks the
 * kernel twice: for any socket, and for one with --interface, --mark and --source. One of the two
 * answers is enough for a 1.
 */
int self_has(const struct net_options *o, const union endpoint *addr);

/*
 * Does the same in the form of rules_is_self; net_options is a struct net_options. The addresses of
 * --external are this host's own when they are destinations. They are not when they are clients,
 * because behind NAT the neighbours of this host may come from these addresses.
 */
int self_is(const void *net_options, const union endpoint *addr, bool client);

#endif

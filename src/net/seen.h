/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells as which address and port another host sees the datagrams of one of our sockets. */
#ifndef NET_SEEN_H
#define NET_SEEN_H

#include "net/socket.h"

/*
 * Finds the address as which `to` sees the datagrams that are sent from fd, a datagram socket of
 * net_socket(). Gives the socket its port now, if it has none yet. The address is
 *
 * - --external, if that is given and not an address of this host, because then there is NAT in
 *   between; but not if `to` is special (rules.h), and not if `to` is private and --external is
 *   not, because the NAT does not stand between this host and such destinations;
 * - otherwise the one that the kernel sends from, as --source, --interface and --mark say.
 *
 * Sends nothing. Returns 0; -ENETUNREACH and the like if no route leads there; or another -errno.
 */
int net_seen_as(const struct net_options *o, int fd, const union endpoint *to, union endpoint *ret);

#endif

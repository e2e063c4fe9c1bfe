/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of ours that others reach: BIND's listener, the relay socket of UDP ASSOCIATE. */
#ifndef NET_INBOUND_H
#define NET_INBOUND_H

#include "client.h"
#include "net/socket.h"

/*
 * Both return a non-blocking socket, bound within --port-range and never to the wildcard address,
 * and fill *told with what to tell the client; or -errno, -EADDRNOTAVAIL: no address of this host
 * would do, -ENETUNREACH and the like: no way leads to the peer.
 *
 * BIND's listens where peer comes to: at the address from which this host reaches peer; for
 * anybody (0.0.0.0 or ::, whose family counts all the same) at the address that the client reached.
 * --external is told where there is one of that family. It listens there if that is an address of
 * this host. If it is not (NAT), then for peer as above, and for anybody at the address from which
 * this host reaches --external.
 */
int inbound_listener(const struct net_options *o, const struct client *c,
		     const union endpoint *peer, union endpoint *told);

/*
 * The relay's stands at the address that the client reached; where that one does not lead back to
 * the client, or is not known, at the one from which this host reaches the client. That is told, or
 * --external if that is not an address of this host: what translates the client's connection
 * translates its datagrams. A client without an address gets --external if it is an address of this
 * host, or else loopback, of this family.
 */
int inbound_relay(const struct net_options *o, const struct client *c, int family,
		  union endpoint *told);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens the sockets that others reach: BIND's listener and the relay socket of UDP ASSOCIATE. */
#ifndef NET_INBOUND_H
#define NET_INBOUND_H

#include "client.h"
#include "net/socket.h"

/*
 * Both functions return a non-blocking socket, bound to a port of --port-range and to one address
 * of this host, never to the wildcard address. They fill *told with the address and the port that
 * the client is to be told. On failure they return -EADDRNOTAVAIL if no address of this host is
 * suitable; -ENETUNREACH and the like if no route leads to the peer; or another -errno.
 */

/*
 * Opens BIND's listener at the first of these addresses that can be used:
 *
 * - --external of peer's family, if it is an address of this host;
 * - for a known peer, the address from which this host reaches it;
 * - for an unknown peer (0.0.0.0 or ::, whose family still counts), the address from which this
 *   host reaches --external (NAT), then --source or the address of --interface, then the address
 *   that the client reached, then, for a local client, loopback.
 *
 * Applies --interface and --mark to it.
 *
 * *told gets the address of --external if there is one of that family, else the listener's own.
 */
int inbound_listener(const struct net_options *o, const struct client *c,
		     const union endpoint *peer, union endpoint *told);

/*
 * Opens the relay socket at the address that the client reached. If that address is not known or
 * does not lead back to the client, opens it at the address from which this host reaches the
 * client. *told gets that address; or --external, if that is given and not an address of this host,
 * because the NAT that translates the client's connection translates its datagrams too.
 *
 * For a client without an address, opens the socket at --external if it is an address of this host,
 * or else at the loopback address of this family.
 */
int inbound_relay(const struct net_options *o, const struct client *c, int family,
		  union endpoint *told);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of ours that others reach: BIND's listener, the relay socket of UDP ASSOCIATE. */
#ifndef INBOUND_H
#define INBOUND_H

#include "activate.h"
#include "options.h"

/*
 * A non-blocking socket of this type (SOCK_STREAM: it listens) for peer to reach, bound within
 * --port-range, and never to the wildcard address: to --external, or where that is not an address
 * of this host (NAT), to the one that leads there; else to the address that the client reached,
 * if peer can reach it as well; else to the one from which we would reach peer. peer may be
 * unspecified (not known yet), its family counts all the same. *told gets what to tell the
 * client. Returns the socket, or -errno; -EADDRNOTAVAIL: no address of ours would do.
 */
int inbound_socket(const struct options *o, const struct client *c, const union endpoint *peer,
		   int type, union endpoint *told);

#endif

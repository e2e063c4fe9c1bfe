/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's address: from the socket, or from what a superserver says in the environment. */
#ifndef REMOTE_H
#define REMOTE_H

#include "client.h"

/*
 * Fills kind, addr and is_tcp from the socket c->stream.in; asks the environment about a unix
 * socket. A peer of any other family that has no internet address is CLIENT_UNKNOWN. Returns 0;
 * -ENOTCONN if the peer has left; or another -errno, and then nobody knows who the client is.
 */
int remote_from_socket(struct client *c);

/* Fills reached from a TCP socket, unless somebody has told already. BIND and UDP need it. */
void remote_find_reached(struct client *c);

/*
 * The same from the environment alone: CLIENT_LOCAL if no variable speaks of a client,
 * CLIENT_UNKNOWN if one does that can't be understood, or whose superserver is not known here.
 */
void remote_from_environment(struct client *c);

#endif

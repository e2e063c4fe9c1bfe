/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the client's address: in the socket, or in the superserver's environment variables. */
#ifndef REMOTE_H
#define REMOTE_H

#include "client.h"

/*
 * Fills kind, addr and is_tcp from the socket; for a unix socket, from the environment. A peer of
 * any other family has no internet address and is CLIENT_UNKNOWN. Returns 0, -ENOTCONN if the peer
 * has left, or another negative errno: then it is not known who the client is.
 */
int remote_from_socket(struct client *c);

/*
 * Fills kind and addr from the environment alone. The client is CLIENT_LOCAL if no variable names a
 * client; CLIENT_UNKNOWN if a variable does, but can't be understood or is of a superserver not
 * known here.
 */
void remote_from_environment(struct client *c);

#endif

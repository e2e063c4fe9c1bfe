/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens the sockets of an association that send to destinations and hear from them. */
#ifndef UDP_UPSTREAM_H
#define UDP_UPSTREAM_H

#include "net/socket.h"

/*
 * Opens and tunes a socket for IPv4 destinations and one for IPv6. A socket is -1 if --family or
 * the kernel excludes its family. Returns 0; or -errno with no socket open, and the setting that
 * failed in *step.
 */
int udp_upstream_open(const struct net_options *o, int ret[2], const char **step);

/*
 * Returns, in words, why a client may not choose this port for the upstream sockets; or NULL if it
 * may: --port-range has the port, or there is no such range and the port is 1024 or above.
 */
const char *udp_upstream_forbids(const struct net_options *o, uint16_t port);

/*
 * Binds both sockets to this port. Returns 0; or -errno, and then the sockets are of no use any
 * more.
 */
int udp_upstream_bind(const int upstream[2], uint16_t port);

/* Closes the sockets, and sets both descriptors to -1. */
void udp_upstream_close(int upstream[2]);

#endif

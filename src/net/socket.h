/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes outgoing sockets as the options say, and tunes the sockets of both sides of a relay. */
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include "rules/route.h"
#include "wire/addr.h"

#include <stdbool.h>
#include <stdint.h>

/* The administrator's settings for the network. */
struct net_options {
	struct route out;	      /* of outgoing sockets */
	struct address_pair external; /* the addresses that clients are told for BIND and UDP */
	uint16_t port_lo, port_hi;    /* for BIND and UDP, both included; 0: the kernel chooses */
};

/*
 * Makes a non-blocking socket of this type (SOCK_STREAM, SOCK_DGRAM) for destinations of this
 * family, and applies --interface, --mark and --source. A stream socket is tuned by net_tune().
 * Returns the socket; or -errno, and the setting that failed in *step.
 */
int net_socket(const struct net_options *o, int family, int type, const char **step);

/*
 * Applies --interface and --mark to a socket. Returns the setting that failed, with errno; or NULL.
 */
const char *net_steer(int fd, const struct net_options *o);

/*
 * Finds the local address that outgoing sockets have when they connect to this destination; its
 * port is 0. If o is NULL, finds the address that the kernel chooses. Sends nothing. Returns 0 or
 * -errno.
 */
int net_local(const struct net_options *o, const union endpoint *to, union endpoint *ret);

/*
 * Binds a datagram socket of net_socket() to a port, at the address that it has already. If the
 * socket has a port, leaves it; if *port is 0, the kernel chooses one. Sets *port to the socket's.
 * Returns 0; -EADDRINUSE if the port is not free; or another -errno.
 */
int net_take_port(int fd, uint16_t *port);

/*
 * Returns true if this errno of connect(2), a positive one, means that no route leads there, and
 * not that this host failed.
 */
bool net_leads_nowhere(int err);

/*
 * Sets TCP_NODELAY, keepalive, urgent data in the stream, and --rate. Call it before anything can
 * have arrived, because an urgent byte that came earlier would be lost. Sockets accepted from a
 * listener inherit the settings. Best effort: a socket that lacks one of them still works.
 *
 * TCP_USER_TIMEOUT is not set: since Linux 5.11 it also resets a peer that is alive but does not
 * read, and one lost probe is enough. Keepalive detects a dead peer, the idle timeout a silent one.
 */
void net_tune(int fd, const struct net_options *o);

/* Sets the rate of a TCP socket in bytes per second, in place of the one that it has. */
void net_pace(int fd, uint64_t rate);

/* Keeps urgent data in the stream. AF_UNIX clients need just this (MSG_OOB, Linux 5.15). */
void net_keep_urgent(int fd);

#endif

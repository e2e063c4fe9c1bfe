/* SPDX-License-Identifier: GPL-3.0-or-later */
/* world_net.h - the sockets of the world: each is one end of a pair of unix sockets. */
#ifndef FUZZ_WORLD_NET_H
#define FUZZ_WORLD_NET_H

#include "world.h"

#include <errno.h>
#include <sys/socket.h>

enum { SOCKETS = 256, QUEUE = 16 };

/* Something that waits at a socket: a datagram, or a peer. */
struct item {
	union endpoint from;
	const uint8_t *bytes;
	size_t n;
};

struct socket {
	bool open, is_stream, is_bound, is_listening, is_asked, is_connected;
	int far;	 /* the other end: we write a byte for each item; -1: it is world.far now */
	int err;	 /* how the connection will end; EINPROGRESS: never */
	unsigned number; /* of its kind of calls: those that were opened later have more */
	union endpoint own, peer;
	struct item queue[QUEUE];
	size_t n;
};

extern struct socket net_socket_of[SOCKETS];

/* The socket with this descriptor, or NULL. */
struct socket *net_find(int fd);

/* net_queue() adds an item to those of a socket, if there is room; net_take() takes the first. */
void net_queue(struct socket *s, const union endpoint *from, const uint8_t *bytes, size_t n);
bool net_take(int fd, struct item *ret);

/* Ends the process if this configuration lets no client go there. */
void net_must_be_allowed(const union endpoint *addr);

/* Returns 0, or the error with which a host with this address answers. */
int net_error_of(const union endpoint *addr);

/* True for an address of this host other than loopback. */
bool net_is_ours(const union endpoint *addr);

union endpoint net_parse(const char *text, uint16_t port);

#endif

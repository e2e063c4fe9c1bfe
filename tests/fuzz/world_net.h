/* SPDX-License-Identifier: GPL-3.0-or-later */
/* world_net.h - the sockets of the world: each is one end of a pair of unix sockets. */
#ifndef FUZZ_WORLD_NET_H
#define FUZZ_WORLD_NET_H

#include "world.h"

#include <errno.h>
#include <sys/socket.h>

enum { SOCKETS = 256, QUEUE = 16 };

/* What waits at a socket: a datagram, or a peer. */
struct item {
	union endpoint from;
	const uint8_t *bytes;
	size_t n;
};

struct socket {
	bool open, is_stream, is_bound, is_listening, is_asked, is_connected;
	int far; /* the other end, ours; a byte in it for each item; -1: world.far has it */
	int err; /* how the connection will end; EINPROGRESS: never */
	union endpoint own, peer;
	struct item queue[QUEUE];
	size_t n;
};

extern struct socket net_socket_of[SOCKETS];

/* The socket with this descriptor, or NULL. */
struct socket *net_find(int fd);

/* Lets an item wait at a socket, if there is room; takes the first one. */
void net_queue(struct socket *s, const union endpoint *from, const uint8_t *bytes, size_t n);
bool net_take(int fd, struct item *ret);

/* Fails if this configuration lets nobody go there. */
void net_must_be_allowed(const union endpoint *addr);

/* 0, or the error that a host with such an address answers with. */
int net_error_of(const union endpoint *addr);

/* An address of this host, but for loopback. */
bool net_is_ours(const union endpoint *addr);

union endpoint net_parse(const char *text, uint16_t port);

#endif

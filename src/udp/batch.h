/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams received and sent many at a time. */
#ifndef UDP_BATCH_H
#define UDP_BATCH_H

#include "wire/addr.h"

#include <sys/socket.h>

enum {
	UDP_BATCH = 32,
	UDP_HEADROOM = 32,   /* in front of what is received, for a header */
	UDP_PAYLOAD = 65536, /* no datagram is longer */
};

/* Room for what is received; pages that nothing was received to cost nothing. */
struct udp_buffer {
	uint8_t bytes[UDP_BATCH][UDP_HEADROOM + UDP_PAYLOAD];
};

/* Zero before its first use; then it belongs to one direction. */
struct udp_batch {
	unsigned n;
	struct mmsghdr msg[UDP_BATCH];
	struct iovec iov[UDP_BATCH];
	union endpoint addr[UDP_BATCH];
};

/*
 * Receives what is there, up to UDP_BATCH datagrams, each UDP_HEADROOM bytes into its buffer: n,
 * iov (with the length received) and addr tell. Errors that ICMP brought are swallowed. Returns 0,
 * or -errno where the kernel would fail us again at once.
 */
int udp_batch_receive(int fd, struct udp_batch *b, struct udp_buffer *buf);

/* Appends a datagram; to NULL: the socket is connected. True if the batch is full now. */
bool udp_batch_append(struct udp_batch *b, const union endpoint *to, const void *data, size_t len);

/* What was sent. */
struct udp_sent {
	uint64_t datagrams, bytes;
	int err; /* -errno of one that was dropped, or 0 */
};

/*
 * Sends and empties the batch. A datagram that can't be sent (no route, too long, refused) is
 * dropped; a full socket is waited for, for a moment. Returns 0; -ETIME or -EINTR of wait_poll();
 * or -errno as udp_batch_receive().
 */
int udp_batch_send(int fd, struct udp_batch *b, struct udp_sent *sum);

#endif

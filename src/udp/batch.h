/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Receives and sends datagrams, many in one system call. */
#ifndef UDP_BATCH_H
#define UDP_BATCH_H

#include "wire/addr.h"

#include <sys/socket.h>

enum {
	UDP_BATCH = 32,
	UDP_HEADROOM = 32,   /* room for a header, in front of a received datagram */
	UDP_PAYLOAD = 65536, /* no datagram is longer */
};

/* Room for what is received. A page that nothing was received into costs no memory. */
struct udp_buffer {
	uint8_t bytes[UDP_BATCH][UDP_HEADROOM + UDP_PAYLOAD];
};

/* Must be zero before its first use; from then on it is used in one direction only. */
struct udp_batch {
	unsigned n;
	struct mmsghdr msg[UDP_BATCH];
	struct iovec iov[UDP_BATCH];
	union endpoint addr[UDP_BATCH];
	uint32_t payload[UDP_BATCH]; /* to send: how many of the bytes are payload */
};

/*
 * Receives the datagrams that are there, up to UDP_BATCH, each at UDP_HEADROOM bytes into its
 * buffer. Fills b: n, iov (whose lengths are those received) and addr. Ignores errors that ICMP
 * messages caused. Returns 0; or -errno, if the next call would fail at once in the same way.
 */
int udp_batch_receive(int fd, struct udp_batch *b, struct udp_buffer *buf);

/*
 * Appends a datagram to this destination; NULL if the socket is connected. Of its bytes, this many
 * are payload. Returns true if the batch is full now. Does not copy the data.
 */
bool udp_batch_append(struct udp_batch *b, const union endpoint *to, const void *data, size_t len,
		      size_t payload);

struct udp_sent {
	uint64_t datagrams, payload;
	int err; /* -errno of a datagram that was dropped, or 0 */
};

/*
 * Sends the batch, empties it, and adds to *sum what was sent. Drops a datagram that can't be sent
 * (no route, too long, refused). Waits up to 50 ms for a socket that is full. Returns 0; -ETIME or
 * -EINTR of wait_poll(); or -errno, if the next call would fail in the same way.
 */
int udp_batch_send(int fd, struct udp_batch *b, struct udp_sent *sum);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reassembly queue of RFC 1928 section 7: fragments of one datagram, in order, put
 * together. Pure: the buffer and the time are the caller's.
 */
#ifndef WIRE_FRAG_H
#define WIRE_FRAG_H

#include "wire/socks5.h"

/*
 * The parts of FRAG: the mark of a sequence's end, and the position in it, from 1.
 *
 *        0     1   2   3   4   5   6   7
 *     +-----+---------------------------+
 *     | END |         position          |
 *     +-----+---------------------------+
 *
 *     X'00'                  no fragment: a datagram of its own
 *     X'01', X'02', X'83'    a sequence of three
 */
enum { FRAG_POSITION = 0x7f, FRAG_END = 0x80 };

/* How long the first fragment waits for the last; the RFC wants 5 seconds or more. */
enum { FRAG_TIMEOUT_MS = 5000 };

/* Room for the payload of any UDP datagram. */
enum { FRAG_BUFFER_SIZE = 65536 };

struct frag {
	/* After frag_add() returned 0: a datagram to send, valid until the next call. */
	const struct socks5_request *to;
	const uint8_t *data;
	size_t len;

	/* The queue; nobody else's business. */
	uint8_t *buf;
	size_t size, fill;
	size_t last;		    /* where the latest fragment begins in buf */
	uint8_t highest;	    /* position of the latest fragment; 0: the queue is empty */
	struct socks5_request dest; /* as the first fragment names it */
	int64_t deadline_ms;
};

/* An empty queue over a buffer of size bytes, which stays the caller's. */
void frag_init(struct frag *f, uint8_t *buf, size_t size);

/*
 * Takes one datagram that the client sent: its header, and its len bytes of payload.
 *
 * 0: f->to, f->data and f->len are a datagram to pass on: this one (FRAG 0, or a sequence
 *    of one), pointing into hdr and data, or the whole that it completes, in the queue.
 * -EAGAIN: queued, wait for more.
 * -EINVAL: dropped, and nobody is told.
 *
 * The queue is emptied by its timer, which runs from the first fragment, and by a lower
 * position, FRAG 0 included. A sequence begins at position 1, even if the latest was 1 too.
 * It is given up for a gap, for a destination that is not the first one's, for a
 * sum over the buffer's size, and for another fragment in the latest one's position; a
 * mere repetition of the latest is dropped without harm, as is FRAG 0x80, an end without position.
 */
int frag_add(struct frag *f, const struct socks5_udp *hdr, const uint8_t *data, size_t len,
	     int64_t now_ms);

#endif

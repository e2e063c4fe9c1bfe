/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reassembly queue of RFC 1928 section 7: puts the fragments of one datagram together if they
 * arrive in order. Pure: the caller brings the buffer and the time.
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

/* How long the first fragment waits for the last; the RFC asks for 5 seconds or more. */
enum { FRAG_TIMEOUT_MS = 5000 };

/* Room for the payload of any UDP datagram. */
enum { FRAG_BUFFER_SIZE = 65536 };

struct frag {
	/* The datagram to send after frag_add() returned 0; valid until the next call. */
	const struct socks5_request *to;
	const uint8_t *data;
	size_t len;

	/* The queue, private to frag.c. */
	uint8_t *buf;
	size_t size, fill;
	size_t last;		    /* where the latest fragment begins in buf */
	uint8_t highest;	    /* position of the latest fragment; 0: the queue is empty */
	struct socks5_request dest; /* the destination of the first fragment */
	int64_t deadline_ms;
};

/* Makes *f an empty queue over a buffer of size bytes, which the caller keeps. */
void frag_init(struct frag *f, uint8_t *buf, size_t size);

/*
 * Takes one datagram that the client sent: its header, and its len bytes of payload. Returns
 *
 *     0          if f->to, f->data and f->len are a datagram to pass on: this one, if it is not a
 *                fragment or is a sequence of one (then they point into hdr and data), or the whole
 *                that it completes (then they point into the queue);
 *     -EAGAIN    if the fragment is in the queue and the sequence is not complete;
 *     -EINVAL    if the fragment was dropped.
 *
 * The queue is emptied when its timer, which the first fragment starts, runs out, and when a
 * fragment of a lower position or a datagram with FRAG 0 arrives. Position 1 begins a new sequence,
 * even if the latest fragment had position 1 too. The sequence is given up if a fragment is
 * missing, if a fragment has another destination than the first, if the sum exceeds the buffer, or
 * if a different fragment has the position of the latest one. An exact repetition of the latest
 * fragment is dropped, and so is FRAG X'80', an end without a position; the sequence goes on then.
 */
int frag_add(struct frag *f, const struct socks5_udp *hdr, const uint8_t *data, size_t len,
	     int64_t now_ms);

#endif

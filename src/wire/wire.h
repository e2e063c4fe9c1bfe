/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all decoders share: the need-more contract, and how a number is read. Nothing in wire/ does
 * I/O, allocates, logs or exits.
 */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include <stdint.h>

/*
 * The need-more contract. A decoder looks at the first n bytes of a message; n may be 0.
 *
 *     int x_decode(const uint8_t *p, size_t n, struct x *ret);
 *
 * It returns
 *
 *     > 0    if the message goes on: at least that many more bytes of it follow;
 *     0      if the message is complete, and *ret is filled;
 *     < 0    if the bytes are not such a message: a negative errno.
 *
 * It writes to *ret only when it returns 0. It never asks for a byte behind the message. Its answer
 * depends on the bytes alone, not on the pieces in which they arrived.
 *
 * session_fill() in session.h is the driver: it reads at most as many bytes as the decoder asked
 * for, and the caller asks the decoder again. So a read never goes past a message. What a client
 * sends early, its next message or its first data, stays in the kernel until the next decoder or
 * the relay reads it, and no buffer is handed from one to the other.
 */

/* Returns the 16-bit number in network order at p. */
static inline uint16_t get_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

#endif

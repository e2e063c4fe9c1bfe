/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frames of SOCKS 5 by GSS-API (RFC 1961): bytes to structs and back. Pure. Knows nothing of
 * the tokens inside.
 */
#ifndef WIRE_GSSFRAME_H
#define WIRE_GSSFRAME_H

#include <stddef.h>
#include <stdint.h>

enum {
	GSSFRAME_VERSION = 1,
	GSSFRAME_HEADER = 4,
	GSSFRAME_TOKEN_MAX = 65535,
	GSSFRAME_MAX = GSSFRAME_HEADER + GSSFRAME_TOKEN_MAX,
	GSSFRAME_ABORT_LEN = 2,
};

/* What a frame is about (sections 3 to 5). */
enum gssframe_mtyp {
	GSSFRAME_CONTEXT = 0x01, /* a token of the context, both ways */
	GSSFRAME_LEVEL = 0x02,	 /* the protection level, wanted and then granted */
	GSSFRAME_DATA = 0x03,	 /* requests, replies, data and datagrams, protected */
	GSSFRAME_ABORT = 0xff,	 /* the server refuses the client */
};

/*
 * The level of protection, the octet inside a frame of GSSFRAME_LEVEL (section 4.3). The RFC does
 * not have level 0, which some clients ask for: the context authenticates, and plain SOCKS follows.
 */
enum gssframe_level {
	GSSFRAME_LEVEL_NONE = 0,
	GSSFRAME_LEVEL_INTEGRITY = 1,
	GSSFRAME_LEVEL_CONFIDENTIALITY = 2,
	GSSFRAME_LEVEL_SELECTIVE = 3, /* the sender chooses for each frame */
};

/*
 * A frame, and the one of two bytes by which a server refuses a client (section 3.4):
 *
 *     +-------+------+-----+------------+            +-------+-------+
 *     |  VER  | MTYP | LEN |   TOKEN    |            |  VER  | MTYP  |
 *     +-------+------+-----+------------+            +-------+-------+
 *     | X'01' |  1   |  2  | 0 to 65535 |            | X'01' | X'FF' |
 *     +-------+------+-----+------------+            +-------+-------+
 *
 * The token stands behind the header, in the buffer that was decoded.
 */
struct gssframe {
	uint8_t mtyp; /* enum gssframe_mtyp */
	uint16_t len; /* of the token */
};

/*
 * Decodes a frame. Need-more contract (wire/wire.h). -EPROTO: the first byte is not 1, or the
 * second is no type of a frame.
 */
int gssframe_decode(const uint8_t *p, size_t n, struct gssframe *ret);

/*
 * Encodes the header of a frame whose token has len bytes, at most GSSFRAME_TOKEN_MAX. Returns its
 * length, 4.
 */
size_t gssframe_encode(uint8_t *buf, enum gssframe_mtyp mtyp, size_t len);

/* Encodes the refusal. Returns its length, 2. */
size_t gssframe_abort_encode(uint8_t *buf);

#endif

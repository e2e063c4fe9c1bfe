/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frames and options of SOCKS 5 by SSL (draft-ietf-aft-socks-ssl-00): bytes to structs and
 * back. Pure. Knows nothing of the TLS inside.
 */
#ifndef WIRE_SSLFRAME_H
#define WIRE_SSLFRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SSLFRAME_VERSION = 1,
	SSLFRAME_HEADER = 4,
	SSLFRAME_DATA_MAX = 65535,
	SSLFRAME_OPTIONS_MAX = 1 + 255,
};

/* What the two sides are doing when a frame is sent. */
enum sslframe_state {
	SSLFRAME_HANDSHAKE = 1,
	SSLFRAME_OPTIONS = 2, /* also while another method is negotiated inside */
	SSLFRAME_FLOW = 3,    /* the request, the replies and the data */
	SSLFRAME_CLOSING = 4, /* close_notify, and nothing after it */
};

/*
 * A frame, from the first byte behind the choice of the method to the end of the connection:
 *
 *     +-------+-------+-----+------------+
 *     |  VER  | STATE | LEN |    DATA    |
 *     +-------+-------+-----+------------+
 *     | X'01' |   1   |  2  | 0 to 65535 |
 *     +-------+-------+-----+------------+
 *
 * DATA is a piece of the stream of TLS. It begins and ends anywhere in a record.
 */
struct sslframe_header {
	uint8_t state; /* enum sslframe_state */
	uint16_t len;  /* of DATA */
};

/*
 * Decodes the four bytes before DATA. Need-more contract (wire/wire.h). -EPROTO: the first byte is
 * not 1, or the second is no state.
 */
int sslframe_header_decode(const uint8_t *p, size_t n, struct sslframe_header *ret);

/* Encodes the header of a frame of len bytes, at most SSLFRAME_DATA_MAX. Returns its length, 4. */
size_t sslframe_header_encode(uint8_t *buf, enum sslframe_state state, size_t len);

/* What can be agreed on, inside TLS. */
enum sslframe_option {
	SSLFRAME_SUBAUTHENTICATION = 0x01, /* another method is negotiated inside */
	SSLFRAME_UDP_NAKED = 0x10,	   /* datagrams travel without protection */
};

/*
 * The list of options. The client says what it can do, and the server answers with the part that
 * is used:
 *
 *     +-----+----------+
 *     | LEN | OPTIONS  |
 *     +-----+----------+
 *     |  1  | 0 to 255 |
 *     +-----+----------+
 */
struct sslframe_options {
	uint8_t n;
	uint8_t option[255];
};

/* Decodes a list of options. Need-more contract (wire/wire.h). Every list is valid. */
int sslframe_options_decode(const uint8_t *p, size_t n, struct sslframe_options *ret);

/* Returns true if the list has the option. */
bool sslframe_options_have(const struct sslframe_options *o, enum sslframe_option option);

/* Encodes a list of options. buf has room for SSLFRAME_OPTIONS_MAX bytes. Returns its length. */
size_t sslframe_options_encode(uint8_t *buf, const struct sslframe_options *o);

#endif

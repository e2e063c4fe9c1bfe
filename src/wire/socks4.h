/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOCKS version 4 and its 4a extension: bytes to structs and back. Pure. */
#ifndef WIRE_SOCKS4_H
#define WIRE_SOCKS4_H

#include "wire/addr.h"

enum { SOCKS4_VERSION = 4, SOCKS4_REQUEST_MAX = 8 + 256 + 256, SOCKS4_REPLY_LEN = 8 };

enum socks4_cmd { SOCKS4_CMD_CONNECT = 1, SOCKS4_CMD_BIND = 2, SOCKS4_CMD_RESOLVE = 0xf0 };

enum socks4_reply { SOCKS4_GRANTED = 90, SOCKS4_REJECTED = 91 };

/*
 * A request. The drawings give the length of each field in bytes, or its value:
 *
 *     +-------+----+---------+-------+----------+-------+
 *     |  VN   | CD | DSTPORT | DSTIP |  USERID  | NULL  |
 *     +-------+----+---------+-------+----------+-------+
 *     | X'04' | 1  |    2    |   4   | Variable | X'00' |
 *     +-------+----+---------+-------+----------+-------+
 *
 * SOCKS 4a: if DSTIP is 0.0.0.x and x is not 0, the destination is a name, which follows:
 *
 *     +----------+-------+
 *     |   NAME   | NULL  |
 *     +----------+-------+
 *     | Variable | X'00' |
 *     +----------+-------+
 *
 * The protocol does not bound the two texts. We take at most 255 bytes of each.
 */
struct socks4_request {
	uint8_t cmd;
	uint16_t port;
	union endpoint addr; /* AF_UNSPEC if the destination is a name */
	char user[256];	     /* NUL-terminated; proves nothing, so it is never authentication */
	uint8_t namelen;
	char name[256]; /* raw, NUL-terminated; addr_from_name() judges it */
};

/*
 * Decodes a request. Need-more contract (wire/wire.h); inside a text, whose end is a NUL, it asks
 * for one byte at a time. -EPROTO: the first byte is not 4; -EMSGSIZE: a text is longer than 255
 * bytes.
 */
int socks4_request_decode(const uint8_t *p, size_t n, struct socks4_request *ret);

/*
 * Encodes a reply. Its version is 0.
 *
 *     +-------+----+---------+-------+
 *     |  VN   | CD | DSTPORT | DSTIP |
 *     +-------+----+---------+-------+
 *     | X'00' | 1  |    2    |   4   |
 *     +-------+----+---------+-------+
 *
 * Writes an address of NULL, AF_UNSPEC or IPv6 as 0.0.0.0:0, and an IPv4-mapped one as IPv4.
 * Returns SOCKS4_REPLY_LEN.
 */
size_t socks4_reply_encode(uint8_t *buf, enum socks4_reply cd, const union endpoint *addr);

#endif

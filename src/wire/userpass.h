/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User name and password (RFC 1929): bytes to structs and back. Pure. */
#ifndef WIRE_USERPASS_H
#define WIRE_USERPASS_H

#include <stddef.h>
#include <stdint.h>

enum { USERPASS_VERSION = 1, USERPASS_REQUEST_MAX = 3 + 255 + 255 };

/*
 * The client's user name and password (RFC 1929 section 2).
 *
 *     +-------+------+----------+------+----------+
 *     |  VER  | ULEN |  UNAME   | PLEN |  PASSWD  |
 *     +-------+------+----------+------+----------+
 *     | X'01' |  1   | 0 to 255 |  1   | 0 to 255 |    (the RFC says 1 to 255)
 *     +-------+------+----------+------+----------+
 *
 * Both texts are raw bytes of any value. The decoder adds a NUL to each.
 */
struct userpass_request {
	uint8_t ulen, plen;
	char uname[256], passwd[256];
};

/*
 * Decodes that message. Need-more contract (wire/wire.h). -EPROTO: the first byte is not 1. The
 * caller wipes p and *ret.
 */
int userpass_request_decode(const uint8_t *p, size_t n, struct userpass_request *ret);

/*
 * Encodes the answer: status 0 is success, anything else failure. Returns its length, 2.
 *
 *     +-------+--------+
 *     |  VER  | STATUS |
 *     +-------+--------+
 *     | X'01' |   1    |
 *     +-------+--------+
 */
size_t userpass_reply_encode(uint8_t *buf, uint8_t status);

#endif

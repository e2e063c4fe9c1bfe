/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User name and password (RFC 1929): bytes to structs and back. Pure. */
#ifndef WIRE_USERPASS_H
#define WIRE_USERPASS_H

#include <stddef.h>
#include <stdint.h>

enum { USERPASS_VERSION = 1, USERPASS_REQUEST_MAX = 3 + 255 + 255 };

/* Both are raw bytes, any value, 0 to 255 of them, followed by a NUL of ours. */
struct userpass_request {
	uint8_t ulen, plen;
	char uname[256], passwd[256];
};

/*
 * Need-more contract (wire/wire.h); -EPROTO: the first byte is not 1. The caller wipes p and *ret.
 */
int userpass_request_decode(const uint8_t *p, size_t n, struct userpass_request *ret);

/* The answer: status 0 is success, anything else failure. Returns its length, 2. */
size_t userpass_reply_encode(uint8_t *buf, uint8_t status);

#endif

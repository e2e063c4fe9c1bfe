/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648 section 4): text to bytes and back. Pure. */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes n bytes at p, padding included. There is one text for each sequence of bytes: the padding
 * is required, the unused bits are 0, and no white space is allowed. ret has room for n / 4 * 3
 * bytes. Returns 0 and sets *len, or returns -EINVAL; ret may be written to even then.
 */
int base64_decode(const uint8_t *p, size_t n, uint8_t *ret, size_t *len);

/* Encodes n bytes at p, with padding, into (n + 2) / 3 * 4 bytes at ret. Returns their number. */
size_t base64_encode(const uint8_t *p, size_t n, uint8_t *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beginning of what Kerberos' gss_wrap() makes (RFC 4121). Pure. Never looks at the payload. */
#ifndef WIRE_KRB5TOKEN_H
#define WIRE_KRB5TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Returns true if the token says that it is protected with a key that the server has made for this
 * context, so that nobody can have recorded it before (RFC 4121 section 4.2.6.2):
 *
 *     +---------+-------+--------+-----+-----+---------+
 *     | TOK_ID  | Flags | Filler | EC  | RRC | SND_SEQ | ...
 *     +---------+-------+--------+-----+-----+---------+
 *     | X'0504' |   1   | X'FF'  |  2  |  2  |    8    |
 *     +---------+-------+--------+-----+-----+---------+
 *
 * X'04' in Flags is that key: AcceptorSubkey. The tokens of keys of older types, RC4 and DES (RFC
 * 4757, RFC 1964), have another form, and no such key.
 */
bool krb5token_has_new_key(const uint8_t *p, size_t n);

/* Returns SND_SEQ of such a token: its number, one more than that of the token before it. */
uint64_t krb5token_number(const uint8_t *p);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's side of SOCKS 5 (RFC 1928) and of its password (RFC 1929), as it is spoken to a
 * parent: structs to bytes and back. Pure. The decoders keep the need-more contract (wire/wire.h);
 * wire/socks5.h and wire/userpass.h draw the messages.
 */
#ifndef WIRE_SOCKS5_CLIENT_H
#define WIRE_SOCKS5_CLIENT_H

#include "wire/socks5.h"
#include "wire/userpass.h"

/* A reply to a request, as socks5_reply_encode() draws it. */
struct socks5_reply {
	uint8_t rep;	      /* any value */
	union endpoint bound; /* IPv4 if it was IPv4-mapped; AF_UNSPEC for a name */
};

/*
 * Encodes a greeting that offers `none`, and `password` before it if has_login. Returns its length,
 * 3 or 4.
 */
size_t socks5_methods_encode(uint8_t *buf, bool has_login);

/* Decodes the answer to the greeting: the method. -EPROTO: the first byte is not 5. */
int socks5_method_decode(const uint8_t *p, size_t n, uint8_t *ret);

/*
 * Encodes the request for a command, with the address of dest or else its name. buf has room for
 * SOCKS5_REQUEST_MAX bytes. Returns the length.
 */
size_t socks5_request_encode(uint8_t *buf, enum socks5_cmd cmd, const struct dest *dest);

/*
 * Decodes a reply with any REP and any FLAG. -EPROTO: the first byte is not 5; -EAFNOSUPPORT:
 * unknown address type.
 */
int socks5_reply_decode(const uint8_t *p, size_t n, struct socks5_reply *ret);

/*
 * Encodes the user name and the password of *login. buf has room for USERPASS_REQUEST_MAX bytes,
 * which the caller wipes. Returns the length.
 */
size_t userpass_request_encode(uint8_t *buf, const struct userpass_request *login);

/* Decodes the answer: the status, of which 0 is success. -EPROTO: the first byte is not 1. */
int userpass_reply_decode(const uint8_t *p, size_t n, uint8_t *ret);

#endif

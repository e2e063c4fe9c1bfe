/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's side of CONNECT by HTTP/1 (RFC 9110 section 9.3.6), as it is spoken to a parent.
 * Pure.
 */
#ifndef WIRE_HTTP_CLIENT_H
#define WIRE_HTTP_CLIENT_H

#include "wire/addr.h"
#include "wire/userpass.h"

enum {
	HTTP_CONNECT_MAX = 2048,
	HTTP_RESPONSE_MAX = 16384, /* bytes of a head that is accepted */
};

/* The head of a response (RFC 9112 section 4), up to and with its empty line. */
struct http_response {
	uint16_t status; /* 100 to 999 */
	uint16_t len;	 /* of the head */
};

/*
 * Encodes a CONNECT request for the address of dest or else its name, with the credentials of Basic
 * (RFC 7617) unless login is NULL. buf has room for HTTP_CONNECT_MAX bytes, which the caller wipes.
 * Returns the length.
 */
size_t http_connect_encode(uint8_t *buf, const struct dest *dest,
			   const struct userpass_request *login);

/*
 * Decodes the head of a response. Need-more contract (wire/wire.h); asks for 1 to 4 bytes at a
 * time, because the end of the head is CRLF CRLF. -EMSGSIZE: the head is longer than
 * HTTP_RESPONSE_MAX; -EBADMSG: it is malformed. Fields are not judged: a 2xx answer to CONNECT has
 * no body, whatever they say.
 */
int http_response_decode(const uint8_t *p, size_t n, struct http_response *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP/1 (RFC 9112, RFC 9110) as a proxy speaks it: the head of a request, what is passed on of it,
 * and the answers. Bytes to structs and back. Pure. Whatever two readers could understand in two
 * ways is refused.
 */
#ifndef WIRE_HTTP_H
#define WIRE_HTTP_H

#include "wire/userpass.h"

#include <stdbool.h>

enum {
	HTTP_HEAD_MAX = 16384,
	HTTP_FORWARD_MAX = HTTP_HEAD_MAX + 512, /* a head as it is passed on */
	HTTP_ANSWER_MAX = 1024,
};

/* What the request asks for (RFC 9112 section 3.2). */
enum http_form {
	HTTP_CONNECT,  /* authority form: CONNECT host:port */
	HTTP_ABSOLUTE, /* absolute form of the scheme http: GET http://host/path */
	HTTP_OTHER, /* a legal request that a proxy does not serve: GET /path, OPTIONS *, https://
		     */
};

/* A part of the head. */
struct http_span {
	uint16_t at, len;
};

/*
 * The head of a request (RFC 9112 sections 3 to 5), up to and with its empty line.
 *
 *     METHOD SP TARGET SP "HTTP/1." DIGIT CRLF
 *     *( NAME ":" VALUE CRLF )
 *     CRLF
 */
struct http_request {
	enum http_form form;
	uint16_t len; /* of the whole head */
	struct http_span method, target;
	struct http_span host; /* of the target, brackets of IPv6 included; empty: HTTP_OTHER */
	uint16_t port;	       /* 80 if the absolute form has none */
	struct http_span
		path; /* of the absolute form: from its first "/" or "?" on; may be empty */
	struct http_span credentials; /* the value of Proxy-Authorization; len 0: there is none */
	bool has_body;		      /* Transfer-Encoding, or a Content-Length above 0 */
	bool is_head;		      /* the method is HEAD: its answer has no body */
};

/*
 * Decodes the head. Need-more contract (wire/wire.h). -EMSGSIZE: it is longer than HTTP_HEAD_MAX;
 * -EBADMSG: malformed, http_fault() says why.
 */
int http_request_decode(const uint8_t *p, size_t n, struct http_request *ret);

/* Returns, in words, why http_request_decode() returned -EBADMSG for these bytes. */
const char *http_fault(const uint8_t *p, size_t n);

/*
 * Decodes the user and the password of Basic (RFC 7617). Returns 0; -ENOENT if the request has no
 * Proxy-Authorization; -EBADMSG if it is not Basic with a user and a password of at most 255 bytes
 * each. The caller wipes *ret.
 */
int http_credentials_decode(const uint8_t *head, const struct http_request *r,
			    struct userpass_request *ret);

/*
 * Encodes the head of an absolute form as it goes to the origin: origin form, Host of the target,
 * without the fields that are for the proxy (RFC 9110 section 7.6), with Via and
 * Connection: close. buf has room for HTTP_FORWARD_MAX bytes. Returns the length.
 */
size_t http_forward_encode(uint8_t *buf, const uint8_t *head, const struct http_request *r);

/*
 * Encodes an answer of the proxy: 200, which ends with the empty line; or a failure with a line of
 * text, which is left out if is_head is true. stays: the connection stays open, else the answer has
 * Connection: close. buf has room for HTTP_ANSWER_MAX bytes. Returns the length.
 */
size_t http_answer_encode(uint8_t *buf, unsigned status, bool stays, bool is_head);

#endif

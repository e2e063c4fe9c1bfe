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
	HTTP_OTHER,    /* legal, but not for a proxy: GET /path, OPTIONS *, GET https://host/ */
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
	uint16_t len;  /* of the whole head */
	uint8_t minor; /* of the version: 0 or 1 */
	struct http_span method, target;
	struct http_span host; /* of the target, with the brackets of IPv6; HTTP_OTHER: empty */
	uint16_t port;	       /* 80 if the absolute form has none */
	struct http_span path; /* of the absolute form: from its first "/" or "?"; may be empty */
	struct http_span credentials; /* the value of Proxy-Authorization; len 0: there is none */
	bool has_body;		      /* Transfer-Encoding, or a Content-Length above 0 */
	bool has_hops; /* OPTIONS or TRACE with Max-Forwards (RFC 9110 section 7.6.2)... */
	uint8_t hops;  /* ...of this number; 255 stands for more, too */
	bool persists; /* the client allows a next request after the answer (RFC 9112 section 9.3)
			*/
};

/*
 * Decodes the head. Need-more contract (wire/wire.h); because the end of the head is CRLF CRLF, it
 * asks for 1 to 4 bytes at a time. It refuses the faults of lines and of the request line as soon
 * as they are there, and the faults of the fields when the head is complete. -EMSGSIZE: the head is
 * longer than HTTP_HEAD_MAX; -EBADMSG: the head is malformed, and http_fault() says why.
 */
int http_request_decode(const uint8_t *p, size_t n, struct http_request *ret);

/* Returns true if the method is HEAD, whose answer has no body; the rest may be malformed. */
bool http_is_head(const uint8_t *p, size_t n);

/* Returns, in words, why http_request_decode() returned -EBADMSG for these bytes; else NULL. */
const char *http_fault(const uint8_t *p, size_t n);

/*
 * Decodes the user and the password of Basic (RFC 7617). Returns 0; -ENOENT if the request has no
 * Proxy-Authorization; -EBADMSG if it is not Basic with a user and a password of at most 255 bytes
 * each, without control bytes. It writes to *ret only when it returns 0; the caller wipes *ret.
 */
int http_credentials_decode(const uint8_t *head, const struct http_request *r,
			    struct userpass_request *ret);

/*
 * Encodes the head of an absolute form as it goes to the origin (RFC 9112 section 3.2.1, RFC 9110
 * section 7.6): in origin form, with the Host of the target, Via and Connection: close, without the
 * fields that are for the proxy, and with the version of the client. If r->has_hops, Max-Forwards
 * is less by one; r->hops must not be 0 then. All other fields keep their order and their bytes.
 * buf has room for HTTP_FORWARD_MAX bytes. Returns the length.
 */
size_t http_forward_encode(uint8_t *buf, const uint8_t *head, const struct http_request *r);

/*
 * Encodes the answer to CONNECT that is granted, which ends with the empty line. buf has room for
 * HTTP_ANSWER_MAX bytes. Returns the length.
 */
size_t http_established_encode(uint8_t *buf);

/*
 * Encodes an answer of the proxy: 200, the answer to OPTIONS; or 400, 403, 405, 407, 431,
 * 500, 502, 503 or 504 with a text for a person (any other status becomes 500). is_head: the text
 * is left out. stays: the connection stays open; else the answer has Connection: close. buf has
 * room for HTTP_ANSWER_MAX bytes. Returns the length.
 */
size_t http_answer_encode(uint8_t *buf, unsigned status, bool stays, bool is_head);

#endif

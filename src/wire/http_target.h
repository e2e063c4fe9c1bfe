/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target of a request (RFC 9112 section 3.2), and the host and port in it. Pure. */
#ifndef WIRE_HTTP_TARGET_H
#define WIRE_HTTP_TARGET_H

#include "wire/http.h"

/*
 * Decodes the target of a request of which method and target are set: sets form, host, port and
 * path. Returns NULL, or why the target is malformed.
 */
const char *http_target_decode(const uint8_t *head, struct http_request *r);

/*
 * Decodes "host" or "host:port" (RFC 3986 section 3.2, without the userinfo): sets *host, and *port
 * if there is one. Returns NULL, or why it is malformed.
 */
const char *http_authority_decode(const uint8_t *head, struct http_span s, struct http_span *host,
				  uint16_t *port);

#endif

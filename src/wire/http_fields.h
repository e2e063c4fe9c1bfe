/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a head (RFC 9112 section 5): one by one, and what they say together. Pure. */
#ifndef WIRE_HTTP_FIELDS_H
#define WIRE_HTTP_FIELDS_H

#include "wire/http.h"

/*
 * The most names in the Connection fields of a head. Each other field is compared with all of them,
 * before the client has logged in.
 */
enum { HTTP_NAMED_MAX = 32 };

/* One line of the head. name and value are without the colon and the blanks around the value. */
struct http_field {
	struct http_span line; /* with its CRLF */
	struct http_span name, value;
};

/* Returns where the first field of the request begins. */
size_t http_fields_begin(const struct http_request *r);

/*
 * Decodes the line that begins at this place of a head of len bytes, which ends with CRLF CRLF. The
 * empty line gives line.len 2. Returns NULL and sets *ret, or returns why the line is malformed.
 */
const char *http_field_decode(const uint8_t *head, size_t len, size_t at, struct http_field *ret);

/*
 * Decodes the fields of a request of which all else is set: sets credentials, has_body and
 * persists. Returns NULL, or why the fields are malformed, contradict each other, or could be
 * understood in two ways.
 */
const char *http_fields_decode(const uint8_t *head, struct http_request *r);

#endif

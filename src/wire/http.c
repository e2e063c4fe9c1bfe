/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes the head of a request: the bytes that may stand in it, its request line, and then its
 * fields. Never repairs a malformed head.
 */
#include "wire/http.h"
#include "wire/http_fields.h"
#include "wire/http_target.h"
#include "wire/http_word.h"

#include <errno.h>
#include <string.h>

/* Returns why this byte may not follow so many bytes of CRLF CRLF, or NULL. */
static const char *byte_fault(uint8_t c, unsigned matched)
{
	bool after_cr = matched & 1;

	if (after_cr && c != '\n')
		return "a CR stands without an LF after it";
	if (!after_cr && c == '\n')
		return "a line ends with LF, not with CR LF";
	if (c == '\0')
		return "the head has a NUL byte";
	if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
		return "the head has a control byte";
	return NULL;
}

/* Decodes the version: n bytes at p, the rest of the request line. */
static const char *decode_version(const uint8_t *p, size_t n, struct http_request *r)
{
	if (n && memchr(p, ' ', n))
		return "the request line is not METHOD TARGET VERSION with single spaces";
	if (n != 8 || memcmp(p, "HTTP/1.", 7) != 0 || (p[7] != '0' && p[7] != '1'))
		return "the version is neither HTTP/1.0 nor HTTP/1.1";
	r->minor = (uint8_t)(p[7] - '0');
	return NULL;
}

/* Decodes the request line: n bytes at p, without the CRLF. */
static const char *decode_line(const uint8_t *p, size_t n, struct http_request *r)
{
	size_t method = http_token_len(p, n), at = method + 1;
	const uint8_t *end = at < n ? memchr(p + at, ' ', n - at) : NULL;
	const char *fault;

	if (!n)
		return "the request line is empty";
	if (!method || (method < n && p[method] != ' '))
		return "the method is not a word";
	if (!end || end == p + at)
		return "the request line is not METHOD TARGET VERSION with single spaces";
	r->method = (struct http_span){ 0, (uint16_t)method };
	r->target = (struct http_span){ (uint16_t)at, (uint16_t)(end - p - (ptrdiff_t)at) };
	fault = decode_version(end + 1, n - (size_t)(end + 1 - p), r);
	return fault ? fault : http_target_decode(p, r);
}

/*
 * Looks for the end of the head, and decodes the request line as soon as it is complete. Returns 0
 * and sets r->len; the number of missing bytes; -EMSGSIZE; or -EBADMSG and sets *fault.
 */
static int scan(const uint8_t *p, size_t n, struct http_request *r, const char **fault)
{
	unsigned matched = 0; /* bytes of CRLF CRLF */
	bool in_line = true;  /* of the request */

	for (size_t i = 0;; i++) {
		if (i + 4 - matched > HTTP_HEAD_MAX)
			return -EMSGSIZE;
		if (i == n)
			return (int)(4 - matched);
		*fault = byte_fault(p[i], matched);
		matched = p[i] == '\r' || p[i] == '\n' ? matched + 1 : 0;
		if (!*fault && in_line && matched == 2) {
			*fault = decode_line(p, i - 1, r);
			in_line = false;
		}
		if (*fault)
			return -EBADMSG;
		if (matched == 4) {
			r->len = (uint16_t)(i + 1);
			return 0;
		}
	}
}

static int decode(const uint8_t *p, size_t n, struct http_request *r, const char **fault)
{
	int err;

	memset(r, 0, sizeof(*r));
	err = scan(p, n, r, fault);
	if (err != 0)
		return err;
	*fault = http_fields_decode(p, r);
	return *fault ? -EBADMSG : 0;
}

int http_request_decode(const uint8_t *p, size_t n, struct http_request *ret)
{
	struct http_request r;
	const char *fault = NULL;
	int err = decode(p, n, &r, &fault);

	if (err == 0)
		memcpy(ret, &r, sizeof(r));
	return err;
}

bool http_is_head(const uint8_t *p, size_t n)
{
	return n >= 5 && memcmp(p, "HEAD ", 5) == 0;
}

const char *http_fault(const uint8_t *p, size_t n)
{
	struct http_request r;
	const char *fault = NULL;

	decode(p, n, &r, &fault);
	return fault;
}

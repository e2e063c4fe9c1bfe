/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encodes the head that goes to the origin. Passes on each byte of a field as it came, or leaves
 * out the whole field; only Max-Forwards becomes less.
 */
#include "wire/http.h"
#include "wire/http_fields.h"
#include "wire/http_word.h"

#include <string.h>

static uint8_t *put_span(uint8_t *p, const uint8_t *head, struct http_span s)
{
	memcpy(p, head + s.at, s.len);
	return p + s.len;
}

/* Reads the field after *f; begin with line.len 0. Returns false at the empty line. */
static bool next(const uint8_t *head, const struct http_request *r, struct http_field *f)
{
	size_t at = f->line.len ? (size_t)f->line.at + f->line.len : http_fields_begin(r);

	return !http_field_decode(head, r->len, at, f) && f->line.len > 2;
}

/* The fields that Connection fields name (RFC 9110 section 7.6.1). */
struct named {
	struct http_span name[HTTP_NAMED_MAX];
	size_t n;
};

/* Fills *ret. The decoder has refused a head with more names than there is room for. */
static void find_named(const uint8_t *head, const struct http_request *r, struct named *ret)
{
	struct http_field f = { .line.len = 0 };
	struct http_span element;

	ret->n = 0;
	while (next(head, r, &f)) {
		if (!http_is(head, f.name, "connection"))
			continue;
		while (http_list_next(head, &f.value, &element))
			if (element.len && ret->n < HTTP_NAMED_MAX)
				ret->name[ret->n++] = element;
	}
}

static bool is_named(const uint8_t *head, const struct named *named, struct http_span name)
{
	for (size_t i = 0; i < named->n; i++)
		if (http_same(head, named->name[i], name))
			return true;
	return false;
}

/* Returns true for the fields that are for the proxy, or that it writes itself. */
static bool is_ours(const uint8_t *head, struct http_span name)
{
	static const char ours[][11] = { "host", "connection", "keep-alive", "te", "upgrade" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (http_is(head, name, ours[i]))
			return true;
	return http_begins(head, name, "proxy-");
}

/* The proxy is one of those that the client counts. */
static uint8_t *put_hops(uint8_t *p, const struct http_request *r)
{
	p = http_put_number(http_put_text(p, "Max-Forwards: "), r->hops - 1U);
	return http_put_text(p, "\r\n");
}

static uint8_t *put_fields(uint8_t *p, const uint8_t *head, const struct http_request *r)
{
	struct http_field f = { .line.len = 0 };
	struct named named;
	bool has_length = false;

	find_named(head, r, &named);
	while (next(head, r, &f)) {
		bool is_length = http_is(head, f.name, "content-length");

		/* The decoder lets equal Content-Lengths pass: one is enough for the origin. */
		if (is_ours(head, f.name) || (is_length && has_length) ||
		    is_named(head, &named, f.name))
			continue;
		has_length |= is_length;
		if (r->has_hops && http_is(head, f.name, "max-forwards"))
			p = put_hops(p, r);
		else
			p = put_span(p, head, f.line);
	}
	return p;
}

/* Writes the target in origin form, or "*" for OPTIONS of a whole server (RFC 9112 3.2.4). */
static uint8_t *put_target(uint8_t *p, const uint8_t *head, const struct http_request *r)
{
	if (!r->path.len && http_is_method(head, r, "OPTIONS"))
		return http_put_text(p, "*");
	if (!r->path.len || head[r->path.at] == '?')
		p = http_put_text(p, "/");
	return put_span(p, head, r->path);
}

size_t http_forward_encode(uint8_t *buf, const uint8_t *head, const struct http_request *r)
{
	struct http_span authority = { r->host.at, (uint16_t)(r->path.at - r->host.at) };
	uint8_t *p = buf;

	p = put_span(p, head, r->method);
	p = http_put_text(p, " ");
	p = put_target(p, head, r);
	p = http_put_text(p, r->minor ? " HTTP/1.1\r\nHost: " : " HTTP/1.0\r\nHost: ");
	p = put_span(p, head, authority);
	p = http_put_text(p, "\r\n");
	p = put_fields(p, head, r);
	p = http_put_text(p, r->minor ? "Via: 1.1 picosocks5\r\n" : "Via: 1.0 picosocks5\r\n");
	p = http_put_text(p, "Connection: close\r\n\r\n");
	return (size_t)(p - buf);
}

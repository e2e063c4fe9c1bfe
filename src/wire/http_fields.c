/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes the fields of a head and judges what they say together: where the body ends must have one
 * answer only (RFC 9112 section 6.3). Never changes a field.
 */
#include "wire/http_fields.h"
#include "wire/http_target.h"
#include "wire/http_word.h"

#include <string.h>

/* The fields that were seen; at is 0 if there was none. */
struct seen {
	struct http_span host, length, coding, credentials, hops;
	bool close, keep_alive;
	unsigned named; /* in Connection */
};

size_t http_fields_begin(const struct http_request *r)
{
	return (size_t)r->target.at + r->target.len + sizeof(" HTTP/1.1\r\n") - 1;
}

const char *http_field_decode(const uint8_t *head, size_t len, size_t at, struct http_field *ret)
{
	const uint8_t *p = head + at, *end = memchr(p, '\n', len - at);
	struct http_field f;
	size_t line = (size_t)(end - p) + 1, name;

	memset(&f, 0, sizeof(f));
	f.line = (struct http_span){ (uint16_t)at, (uint16_t)line };
	*ret = f;
	if (line == 2)
		return NULL;
	if (p[0] == ' ' || p[0] == '\t')
		return "a line begins with white space (a folded field)";
	name = http_token_len(p, line);
	if (p[name] == ' ' || p[name] == '\t')
		return "white space stands between the name of a field and its colon";
	if (p[name] != ':')
		return "the name of a field has a byte that is not allowed, or its colon is "
		       "missing";
	if (!name)
		return "a field has no name";
	f.name = (struct http_span){ (uint16_t)at, (uint16_t)name };
	f.value = (struct http_span){ (uint16_t)(at + name + 1), (uint16_t)(line - name - 3) };
	f.value = http_trim(head, f.value);
	*ret = f;
	return NULL;
}

static bool same_bytes(const uint8_t *head, struct http_span a, struct http_span b)
{
	return a.len == b.len && memcmp(head + a.at, head + b.at, a.len) == 0;
}

static const char *take_host(const uint8_t *head, struct http_span value, struct seen *s)
{
	struct http_span host;
	uint16_t port;

	if (s->host.at && !same_bytes(head, s->host, value))
		return "two Host fields differ";
	s->host = value;
	/* An empty Host is legal: it says that the target has no host. */
	return value.len ? http_authority_decode(head, value, &host, &port) : NULL;
}

static const char *take_length(const uint8_t *head, struct http_span value, struct seen *s)
{
	const uint8_t *p = head + value.at;

	if (s->length.at && !same_bytes(head, s->length, value))
		return "two Content-Length fields differ";
	for (size_t i = 0; i < value.len; i++)
		if (p[i] < '0' || p[i] > '9')
			return "Content-Length is not a number";
	/* 18 digits fit into every reader's 64 bits; a leading 0 could be octal. */
	if (!value.len || value.len > 18 || (p[0] == '0' && value.len > 1))
		return "Content-Length is empty, begins with 0, or has more than 18 digits";
	s->length = value;
	return NULL;
}

/* Takes the codings that are registered, with chunked as the last and only there. */
static const char *take_coding(const uint8_t *head, struct http_span value, struct seen *s)
{
	struct http_span list = value, element = value;
	bool chunked = false;

	if (s->coding.at)
		return "there are two Transfer-Encoding fields";
	while (http_list_next(head, &list, &element)) {
		if (chunked)
			return "a coding follows chunked in Transfer-Encoding";
		chunked = http_is(head, element, "chunked");
		if (!chunked && !http_is(head, element, "gzip") &&
		    !http_is(head, element, "x-gzip") && !http_is(head, element, "deflate") &&
		    !http_is(head, element, "compress") && !http_is(head, element, "x-compress"))
			return "Transfer-Encoding has an unknown coding";
	}
	if (!chunked || head[value.at + value.len - 1] == ',')
		return "the last coding in Transfer-Encoding is not chunked";
	s->coding = value;
	return NULL;
}

static const char *take_connection(const uint8_t *head, struct http_span value, struct seen *s)
{
	struct http_span element;

	while (http_list_next(head, &value, &element)) {
		if (element.len && !http_is_token(head, element))
			return "Connection is not a list of names";
		s->named += element.len > 0;
		if (s->named > HTTP_NAMED_MAX)
			return "Connection has more than 32 names";
		if (http_is(head, element, "host") || http_is(head, element, "content-length") ||
		    http_is(head, element, "transfer-encoding"))
			return "Connection names Host, Content-Length or Transfer-Encoding";
		s->close |= http_is(head, element, "close");
		s->keep_alive |= http_is(head, element, "keep-alive");
	}
	return NULL;
}

/* No standard knows Proxy-Connection, but clients that speak to a proxy send it. */
static const char *take_proxy_connection(const uint8_t *head, struct http_span value,
					 struct seen *s)
{
	s->close |= http_is(head, value, "close");
	s->keep_alive |= http_is(head, value, "keep-alive");
	return NULL;
}

static const char *take_credentials(const uint8_t *head, struct http_span value, struct seen *s)
{
	(void)head;
	if (s->credentials.at)
		return "there are two Proxy-Authorization fields";
	s->credentials = value;
	return NULL;
}

static const char *take_hops(const uint8_t *head, struct http_span value, struct seen *s)
{
	if (s->hops.at)
		return "there are two Max-Forwards fields";
	for (size_t i = 0; i < value.len; i++)
		if (head[value.at + i] < '0' || head[value.at + i] > '9')
			return "Max-Forwards is not a number";
	s->hops = value;
	return value.len ? NULL : "Max-Forwards is empty";
}

enum known { HOST, LENGTH, CODING, CONNECTION, PROXY_CONNECTION, CREDENTIALS, HOPS, N_KNOWN };

/* Arrays and not pointers, because every pointer is relocated at each start of the process. */
static const char known[N_KNOWN][20] = {
	[HOST] = "host",
	[LENGTH] = "content-length",
	[CODING] = "transfer-encoding",
	[CONNECTION] = "connection",
	[PROXY_CONNECTION] = "proxy-connection",
	[CREDENTIALS] = "proxy-authorization",
	[HOPS] = "max-forwards",
};

static const char *take(const uint8_t *head, const struct http_field *f, struct seen *s)
{
	unsigned i = 0;

	while (i < N_KNOWN && !http_is(head, f->name, known[i]))
		i++;
	switch (i) {
	case HOST:
		return take_host(head, f->value, s);
	case LENGTH:
		return take_length(head, f->value, s);
	case CODING:
		return take_coding(head, f->value, s);
	case CONNECTION:
		return take_connection(head, f->value, s);
	case PROXY_CONNECTION:
		return take_proxy_connection(head, f->value, s);
	case CREDENTIALS:
		return take_credentials(head, f->value, s);
	case HOPS:
		return take_hops(head, f->value, s);
	default:
		return NULL;
	}
}

/* In requests of other methods the field has no meaning, and is passed on as it is. */
static void count_hops(const uint8_t *head, struct http_span hops, struct http_request *r)
{
	unsigned n = 0;

	r->has_hops =
		hops.at && (http_is_method(head, r, "OPTIONS") || http_is_method(head, r, "TRACE"));
	for (size_t i = 0; i < hops.len && n < 255; i++)
		n = n * 10 + head[hops.at + i] - '0';
	r->hops = (uint8_t)(n < 255 ? n : 255);
}

static const char *judge(const uint8_t *head, const struct seen *s, struct http_request *r)
{
	r->has_body = s->coding.at || (s->length.at && head[s->length.at] != '0');
	r->persists = !s->close && (r->minor || s->keep_alive);
	r->credentials = s->credentials;
	count_hops(head, s->hops, r);
	if (s->coding.at && s->length.at)
		return "there are both Content-Length and Transfer-Encoding";
	if (s->coding.at && !r->minor)
		return "an HTTP/1.0 request has Transfer-Encoding";
	if (!s->host.at && r->minor)
		return "an HTTP/1.1 request has no Host field";
	if (r->has_body && r->form == HTTP_CONNECT)
		return "a CONNECT request has a body";
	return NULL;
}

const char *http_fields_decode(const uint8_t *head, struct http_request *r)
{
	size_t at = http_fields_begin(r);
	struct http_field f;
	struct seen s;
	const char *fault;

	memset(&s, 0, sizeof(s));
	for (;; at += f.line.len) {
		fault = http_field_decode(head, r->len, at, &f);
		if (fault || f.line.len == 2)
			break;
		fault = take(head, &f, &s);
		if (fault)
			break;
	}
	return fault ? fault : judge(head, &s, r);
}

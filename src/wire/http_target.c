/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes the target of a request. Judges the spelling of a host; whether its name is looked up is
 * decided elsewhere.
 */
#include "wire/http_target.h"
#include "wire/addr.h"
#include "wire/http_word.h"

#include <string.h>

static bool is_alpha(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Returns true for the bytes of reg-name (RFC 3986 section 3.2.2). */
static bool is_name_byte(uint8_t c)
{
	return is_alpha(c) || is_digit(c) || (c && strchr("-._~%!$&'()*+,;=", c));
}

/* Returns the length of an IPv6 address in brackets at p, or 0. */
static size_t ipv6_len(const uint8_t *p, size_t n)
{
	const uint8_t *end = memchr(p, ']', n);
	char text[INET6_ADDRSTRLEN + 2];
	union endpoint addr;
	size_t len;

	if (!end || (size_t)(end - p) + 1 >= sizeof(text))
		return 0;
	len = (size_t)(end - p) + 1;
	memcpy(text, p, len);
	text[len] = '\0';
	return addr_parse(text, &addr) == 0 ? len : 0;
}

static const char *decode_port(const uint8_t *p, size_t n, uint16_t *ret)
{
	char text[6];

	if (n >= 1 && n < sizeof(text) && (p[0] != '0' || n == 1)) {
		memcpy(text, p, n);
		text[n] = '\0';
		if (addr_parse_port(text, ret) == 0)
			return NULL;
	}
	return "the port is not a number from 0 to 65535";
}

const char *http_authority_decode(const uint8_t *head, struct http_span s, struct http_span *host,
				  uint16_t *port)
{
	const uint8_t *p = head + s.at;
	size_t n = 0;

	if (s.len && memchr(p, '@', s.len))
		return "a user name or a password stands before the host";
	if (s.len && p[0] == '[') {
		n = ipv6_len(p, s.len);
		if (!n)
			return "the host in brackets is not an IPv6 address";
	} else {
		while (n < s.len && is_name_byte(p[n]))
			n++;
	}
	if (!n)
		return "the host is empty";
	*host = (struct http_span){ s.at, (uint16_t)n };
	if (n == s.len)
		return NULL;
	if (p[n] != ':')
		return "the host has a byte that is not allowed in a host";
	return decode_port(p + n + 1, s.len - n - 1, port);
}

static const char *decode_connect(const uint8_t *head, struct http_request *r)
{
	const char *fault = http_authority_decode(head, r->target, &r->host, &r->port);

	if (!fault && r->host.len == r->target.len)
		fault = "CONNECT has no port: write HOST:PORT";
	return fault;
}

/* Decodes "http:" and what follows it. */
static const char *decode_absolute(const uint8_t *head, struct http_request *r)
{
	struct http_span t = r->target;
	size_t begin = (size_t)t.at + 7, end = (size_t)t.at + t.len, slash = begin;

	if (!http_begins(head, t, "http://"))
		return "\"//\" is missing after \"http:\"";
	while (slash < end && head[slash] != '/' && head[slash] != '?')
		slash++;
	r->port = 80;
	r->path = (struct http_span){ (uint16_t)slash, (uint16_t)(end - slash) };
	t = (struct http_span){ (uint16_t)begin, (uint16_t)(slash - begin) };
	return http_authority_decode(head, t, &r->host, &r->port);
}

/* Returns the length of the scheme at p, with its colon, or 0 (RFC 3986 section 3.1). */
static size_t scheme_len(const uint8_t *p, size_t n)
{
	size_t len = 0;

	if (!is_alpha(p[0]))
		return 0;
	while (len < n && (is_alpha(p[len]) || is_digit(p[len]) || p[len] == '+' || p[len] == '-' ||
			   p[len] == '.'))
		len++;
	return len < n && p[len] == ':' ? len + 1 : 0;
}

static bool is_method(const uint8_t *head, const struct http_request *r, const char *method)
{
	return r->method.len == strlen(method) &&
	       memcmp(head + r->method.at, method, r->method.len) == 0;
}

const char *http_target_decode(const uint8_t *head, struct http_request *r)
{
	const uint8_t *p = head + r->target.at;
	size_t scheme;

	for (size_t i = 0; i < r->target.len; i++) {
		if (p[i] == '#')
			return "the target has a fragment (#)";
		if (p[i] <= 0x20 || p[i] >= 0x7f)
			return "the target has a byte that must be written as %XX";
	}
	r->form = HTTP_CONNECT;
	if (is_method(head, r, "CONNECT"))
		return decode_connect(head, r);
	r->form = HTTP_OTHER;
	if (p[0] == '/' || (r->target.len == 1 && p[0] == '*' && is_method(head, r, "OPTIONS")))
		return NULL;
	scheme = scheme_len(p, r->target.len);
	if (!scheme)
		return "the target is neither a URL nor a path";
	if (scheme != 5 || !http_begins(head, r->target, "http:"))
		return NULL;
	r->form = HTTP_ABSOLUTE;
	return decode_absolute(head, r);
}

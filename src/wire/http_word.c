/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and writes the words of HTTP. Knows no locale: only the letters A to Z have two cases. */
#include "wire/http_word.h"

#include <string.h>

static bool is_token_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

size_t http_token_len(const uint8_t *p, size_t n)
{
	size_t len = 0;

	while (len < n && is_token_byte(p[len]))
		len++;
	return len;
}

bool http_is_token(const uint8_t *head, struct http_span s)
{
	return s.len && http_token_len(head + s.at, s.len) == s.len;
}

bool http_begins(const uint8_t *head, struct http_span s, const char *word)
{
	size_t len = strlen(word);

	if (s.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (lower(head[s.at + i]) != (uint8_t)word[i])
			return false;
	return true;
}

bool http_is(const uint8_t *head, struct http_span s, const char *word)
{
	return s.len == strlen(word) && http_begins(head, s, word);
}

bool http_is_method(const uint8_t *head, const struct http_request *r, const char *method)
{
	return r->method.len == strlen(method) &&
	       memcmp(head + r->method.at, method, r->method.len) == 0;
}

bool http_same(const uint8_t *head, struct http_span a, struct http_span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(head[a.at + i]) != lower(head[b.at + i]))
			return false;
	return true;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

struct http_span http_trim(const uint8_t *head, struct http_span s)
{
	while (s.len && is_blank(head[s.at])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_blank(head[s.at + s.len - 1]))
		s.len--;
	return s;
}

bool http_list_next(const uint8_t *head, struct http_span *list, struct http_span *element)
{
	const uint8_t *p = head + list->at, *comma;
	uint16_t len;

	if (!list->len)
		return false;
	comma = memchr(p, ',', list->len);
	len = comma ? (uint16_t)(comma - p) : list->len;
	*element = http_trim(head, (struct http_span){ list->at, len });
	len = (uint16_t)(len + (comma != NULL));
	list->at = (uint16_t)(list->at + len);
	list->len = (uint16_t)(list->len - len);
	return true;
}

uint8_t *http_put_text(uint8_t *p, const char *text)
{
	size_t n = strlen(text);

	memcpy(p, text, n);
	return p + n;
}

uint8_t *http_put_number(uint8_t *p, unsigned v)
{
	if (v >= 10)
		p = http_put_number(p, v / 10);
	*p++ = (uint8_t)('0' + v % 10);
	return p;
}

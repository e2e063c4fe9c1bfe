/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of HTTP (RFC 9110 section 5.6): tokens, comparisons, lists, and writing. Pure. */
#ifndef WIRE_HTTP_WORD_H
#define WIRE_HTTP_WORD_H

#include "wire/http.h"

/* Returns the number of bytes at p, n at most, that may be in a token. */
size_t http_token_len(const uint8_t *p, size_t n);

/* Returns true if the span is a token: one such byte or more, and nothing else. */
bool http_is_token(const uint8_t *head, struct http_span s);

/* Returns true if the span is this word, which is in small letters; the span's case is ignored. */
bool http_is(const uint8_t *head, struct http_span s, const char *word);

/* Returns true if the span begins with this word, likewise. */
bool http_begins(const uint8_t *head, struct http_span s, const char *word);

/* Returns true if this is the method of the request. Methods have a case. */
bool http_is_method(const uint8_t *head, const struct http_request *r, const char *method);

/* Returns true if two names are the same; case is ignored. */
bool http_same(const uint8_t *head, struct http_span a, struct http_span b);

/* Returns the span without the blanks and tabs at both ends. */
struct http_span http_trim(const uint8_t *head, struct http_span s);

/*
 * Takes the first element of a list with commas off *list, and sets *element: trimmed, and perhaps
 * empty. *list is the value of the field at first. Returns false if nothing is left of it.
 */
bool http_list_next(const uint8_t *head, struct http_span *list, struct http_span *element);

/* Writes the text without its NUL to p. Returns the place behind it. */
uint8_t *http_put_text(uint8_t *p, const char *text);

/* Writes a number in decimal digits, likewise. */
uint8_t *http_put_number(uint8_t *p, unsigned v);

#endif

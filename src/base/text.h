/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in a buffer that the caller owns, for log lines and messages. Pure: no stdio, no allocation,
 * so rules/ may use it too. Cuts off what does not fit; the text always ends with a NUL.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
	char *buf;
	size_t cap; /* bytes in buf, at least 1 */
	size_t len; /* without the NUL */
};

/* Initialises an empty text in an array. */
/* clang-format off */
#define TEXT_OF(array) { .buf = ((array)[0] = '\0', (array)), .cap = sizeof(array) }
/* clang-format on */

/* Append a character, a string, n bytes. */
void text_char(struct text *t, char c);
void text_str(struct text *t, const char *s);
void text_bytes(struct text *t, const char *s, size_t n);

/* Append v in decimal. text_uint_pad() puts zeros in front of it, up to width digits. */
void text_uint(struct text *t, uint64_t v);
void text_uint_pad(struct text *t, uint64_t v, unsigned width);

/*
 * Appends bytes that we did not write. Each byte outside 0x20 to 0x7e, each double quote and each
 * backslash becomes \xNN. If an escape does not fit, leaves it out, and everything that is appended
 * later.
 */
void text_escaped(struct text *t, const void *bytes, size_t n);

/* Does the same, and escapes blanks too, where a blank ends a word. */
void text_word(struct text *t, const void *bytes, size_t n);

/*
 * Appends bytes in quotes, escaped as text_escaped() does. Of more than max bytes, appends the
 * first max and "...".
 */
void text_quoted_bytes(struct text *t, const void *bytes, size_t n, size_t max);

/* Does the same with a string, of which at most the first 100 bytes are appended. */
void text_quoted(struct text *t, const char *s);

/* Appends all its arguments, which are strings; the last is NULL. */
void text_strs(struct text *t, ...) __attribute__((sentinel));

#endif

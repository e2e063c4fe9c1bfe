/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in a buffer of the caller's, for log lines and messages: no stdio, no allocation. What
 * does not fit is cut off; the text is NUL-terminated at all times.
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

/* An empty text over an array. */
/* clang-format off */
#define TEXT_OF(array) { .buf = ((array)[0] = '\0', (array)), .cap = sizeof(array) }
/* clang-format on */

void text_char(struct text *t, char c);
void text_str(struct text *t, const char *s);
void text_bytes(struct text *t, const char *s, size_t n);

/* Decimal; text_uint_pad() fills up with zeros on the left to width digits. */
void text_uint(struct text *t, uint64_t v);
void text_uint_pad(struct text *t, uint64_t v, unsigned width);

/*
 * Bytes from elsewhere: \xNN for all outside 0x20 to 0x7e, the double quote and the backslash. An
 * escape that does not fit is left out, and so is everything that is added after it.
 */
void text_escaped(struct text *t, const void *bytes, size_t n);

/* The same in double quotes, for messages. Of a text over max bytes, the first max and "...". */
void text_quoted_bytes(struct text *t, const void *bytes, size_t n, size_t max);

/* The same of a string: at most its first 100 bytes. */
void text_quoted(struct text *t, const char *s);

/* All arguments, strings up to a final NULL. */
void text_strs(struct text *t, ...) __attribute__((sentinel));

#endif

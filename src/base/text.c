/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds text piece by piece in the caller's buffer. Never writes beyond it and never fails. */
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

/* The most bytes of a string that are quoted; each may take four. */
enum { QUOTED_MAX = 100 };

void text_char(struct text *t, char c)
{
	if (t->len + 1 >= t->cap)
		return;
	t->buf[t->len++] = c;
	t->buf[t->len] = '\0';
}

void text_bytes(struct text *t, const char *s, size_t n)
{
	size_t room = t->cap - 1 - t->len;

	if (n > room)
		n = room;
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

void text_str(struct text *t, const char *s)
{
	text_bytes(t, s, strlen(s));
}

void text_strs(struct text *t, ...)
{
	const char *s;
	va_list ap;

	va_start(ap, t);
	while ((s = va_arg(ap, const char *)))
		text_str(t, s);
	va_end(ap);
}

void text_uint_pad(struct text *t, uint64_t v, unsigned width)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	for (; width > n; width--)
		text_char(t, '0');
	while (n)
		text_char(t, digits[--n]);
}

void text_uint(struct text *t, uint64_t v)
{
	text_uint_pad(t, v, 1);
}

void text_quoted_bytes(struct text *t, const void *bytes, size_t n, size_t max)
{
	text_char(t, '"');
	text_escaped(t, bytes, n > max ? max : n);
	text_str(t, n > max ? "...\"" : "\"");
}

void text_quoted(struct text *t, const char *s)
{
	text_quoted_bytes(t, s, strlen(s), QUOTED_MAX);
}

/* Leaves the bytes from lowest to 0x7e as they are, except quotes and backslashes. */
static void escape(struct text *t, const void *bytes, size_t n, uint8_t lowest)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = bytes;

	for (size_t i = 0; i < n; i++) {
		if (p[i] >= lowest && p[i] <= 0x7e && p[i] != '"' && p[i] != '\\') {
			text_char(t, (char)p[i]);
		} else {
			char x[4] = { '\\', 'x', hex[p[i] >> 4], hex[p[i] & 15] };

			/* Half of an escape, or a text with a gap, would mean something else. */
			if (t->cap - 1 - t->len < sizeof(x)) {
				t->cap = t->len + 1;
				return;
			}
			text_bytes(t, x, sizeof(x));
		}
	}
}

void text_escaped(struct text *t, const void *bytes, size_t n)
{
	escape(t, bytes, n, 0x20);
}

void text_word(struct text *t, const void *bytes, size_t n)
{
	escape(t, bytes, n, 0x21);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of the bytes in rules and list files, and walks over them. For rules/ alone. */
#ifndef RULES_CHARS_H
#define RULES_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	CHAR_BLANK = 1, /* space, tab, carriage return, newline */
	CHAR_COMMA = 2,
	CHAR_HASH = 4,
	CHAR_DIGIT = 8,
	CHAR_LETTER = 16, /* with the hyphen and the underscore */
	CHAR_DOT = 32,
	CHAR_PUNCT = 64, /* : / [ ] @ */
	CHAR_OTHER = 128,
	CHARS_NAME = CHAR_DIGIT | CHAR_LETTER | CHAR_DOT,
};

/* The class of each byte. */
extern const uint8_t rules_class[256];

static inline bool char_is(char c, unsigned classes)
{
	return rules_class[(unsigned char)c] & classes;
}

/* Returns the value of a hexadecimal digit; -1: it is none. */
static inline int char_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns the first byte that is of none of these classes, or end. */
static inline const char *chars_skip(const char *p, const char *end, unsigned classes)
{
	while (p < end && char_is(*p, classes))
		p++;
	return p;
}

/* Returns the first byte of these classes, or end; *seen is the classes of all bytes before it. */
static inline const char *chars_find(const char *p, const char *end, unsigned classes,
				     uint8_t *seen)
{
	unsigned all = 0;

	for (; p < end && !char_is(*p, classes); p++)
		all |= rules_class[(unsigned char)*p];
	*seen = (uint8_t)all;
	return p;
}

/* Returns the classes of all these bytes. Four at a time, because lists are long. */
static inline uint8_t chars_seen(const char *p, const char *end)
{
	const unsigned char *b = (const unsigned char *)p;
	unsigned all = 0;

	for (; end - (const char *)b >= 4; b += 4)
		all |= (unsigned)rules_class[b[0]] | rules_class[b[1]] | rules_class[b[2]] |
		       rules_class[b[3]];
	for (; (const char *)b < end; b++)
		all |= rules_class[*b];
	return (uint8_t)all;
}

/* Returns the end of the line at p. */
static inline const char *chars_line_end(const char *p, const char *end)
{
	const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;

	return newline ? newline : end;
}

/* Moves *p to the next word of a line and returns its length; 0 at the end. */
static inline size_t chars_word(const char **p, const char *end)
{
	uint8_t seen;

	*p = chars_skip(*p, end, CHAR_BLANK);
	return (size_t)(chars_find(*p, end, CHAR_BLANK, &seen) - *p);
}

#endif

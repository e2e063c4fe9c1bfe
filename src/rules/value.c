/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the values in a question. Knows quotes and escapes, but not what the values mean. */
#include "rules/value.h"

#include <errno.h>
#include <string.h>

int value_find(const struct parser *parser, const char **p, const char *end, struct value *ret)
{
	const char *stop = *p;
	uint8_t seen;

	ret->word = *p;
	if (stop == end || *stop != '"') {
		*p = chars_find(stop, end, CHAR_BLANK, &seen);
		ret->word_len = (size_t)(*p - ret->word);
		return 0;
	}
	for (stop++; stop < end && *stop != '"'; stop++)
		stop += *stop == '\\' && stop + 1 < end;
	ret->word_len = (size_t)(stop - ret->word);
	if (stop == end)
		return parser_mistake(parser, ret->word, ret->word_len, "a closing quote");
	ret->word_len++;
	*p = stop + 1;
	if (*p < end && !char_is(**p, CHAR_BLANK))
		return parser_mistake(parser, ret->word, ret->word_len + 1,
				      "a blank after the closing quote");
	return 0;
}

/* Reads the escape at *p and moves *p to its last byte. Returns its value; 0 or less: it is wrong.
 */
static int unescape(const char **p, const char *end)
{
	const char *at = *p;
	int high, low;

	if (end - at >= 2 && (at[1] == '"' || at[1] == '\\')) {
		*p += 1;
		return at[1];
	}
	if (end - at < 4 || at[1] != 'x')
		return -1;
	high = char_hex(at[2]);
	low = char_hex(at[3]);
	if (high < 0 || low < 0)
		return -1;
	*p += 3;
	return high << 4 | low;
}

int value_decode(const struct parser *parser, bool logged, struct value *ret)
{
	bool quoted = ret->word_len && *ret->word == '"';
	const char *p = ret->word + quoted, *end = ret->word + ret->word_len - quoted;

	ret->text = p;
	ret->len = (size_t)(end - p);
	if (!quoted && !logged)
		return 0;
	ret->text = ret->bytes;
	for (ret->len = 0; p < end; p++) {
		int byte = (unsigned char)*p;

		if (byte == '\\')
			byte = unescape(&p, end);
		if (byte <= 0)
			return parser_mistake(parser, ret->word, ret->word_len,
					      "\", \\ or xNN after a backslash, and no NUL byte");
		if (ret->len == sizeof(ret->bytes))
			return parser_mistake(parser, ret->word, ret->word_len,
					      "a value of at most 280 bytes");
		ret->bytes[ret->len++] = (char)byte;
	}
	return 0;
}

bool value_is(const struct value *value, const char *word)
{
	return strlen(word) == value->len && memcmp(value->text, word, value->len) == 0;
}

size_t value_host(const struct value *value)
{
	const char *colon = memrchr(value->text, ':', value->len);
	size_t host = colon ? (size_t)(colon - value->text) : value->len;

	if (!colon || host == 0)
		return value->len;
	if (*value->text == '[')
		return colon[-1] == ']' ? host : value->len;
	return memchr(value->text, ':', host) ? value->len : host;
}

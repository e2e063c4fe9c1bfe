/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the names of users: an item of `user`, and a line of a list of users. A line holds one
 * name, which may have blanks and commas in it. Nothing is looked up in a users file.
 */
#include "rules/parser.h"
#include "rules/words.h"

#include <string.h>

static int add(struct parser *parser, const char *word, size_t len)
{
	struct user *user = parser_item(parser, RUN_USER, sizeof(*user));

	if (!user)
		return parser_no_memory(parser, word, len);
	user->key = user_key(word, len);
	user->at = (uint32_t)(word - parser->text);
	return 0;
}

static COLD_CODE int too_long(const struct parser *parser, const char *word, size_t len)
{
	return parser_mistake(parser, word, len, "a user name of at most 255 bytes");
}

int parser_user(struct parser *parser, const char *word, size_t len)
{
	uint32_t *group;

	if (len > USER_MAX)
		return too_long(parser, word, len);
	if (len > 1 || *word != '*')
		return add(parser, word, len);
	group = parser_item(parser, RUN_GROUP, sizeof(*group));
	if (!group)
		return parser_no_memory(parser, word, len);
	*group = GROUP_ANY;
	return 0;
}

/* Cuts the comment of a line off, and the blanks around the name. */
static void trim(const char **word, const char **stop)
{
	const char *p = *word = chars_skip(*word, *stop, CHAR_BLANK);

	for (; p < *stop; p++)
		if (*p == '#' && (p == *word || char_is(p[-1], CHAR_BLANK)))
			*stop = p;
	while (*stop > *word && char_is((*stop)[-1], CHAR_BLANK))
		(*stop)--;
}

static bool has_controls(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f)
			return true;
	return false;
}

/* Judges the bytes of a name. */
static int judge(const struct parser *parser, const char *word, size_t len)
{
	const char *hash = memchr(word, '#', len), *colon = memchr(word, ':', len);

	if (hash)
		return parser_mistake(parser, word, len, "a blank before the # of a comment");
	/* The bytes behind the colon may be those of a password's hash: never quote them. */
	if (colon)
		return parser_mistake(parser, colon, 1, "a user name alone on the line");
	if (has_controls(word, len))
		return parser_mistake(parser, word, len, "a user name without control characters");
	if (len >= 3 && memcmp(word, "\xef\xbb\xbf", 3) == 0)
		return parser_mistake(parser, word, len, "a user name");
	if (len == 1 && *word == '*')
		return parser_mistake(parser, word, len, "a user name");
	return 0;
}

/* Reads a line that may have a comment, blanks, or bytes that no name has. */
static int read_line(struct parser *parser, const char *p, const char *stop)
{
	size_t len;
	int err;

	trim(&p, &stop);
	len = (size_t)(stop - p);
	if (!len)
		return 0;
	if (len > USER_MAX)
		return too_long(parser, p, len);
	err = judge(parser, p, len);
	return err ? err : add(parser, p, len);
}

int parser_user_line(struct parser *parser, const char *p, const char *end, const char **stop)
{
	static const unsigned rare = CHAR_BLANK | CHAR_HASH | CHAR_OTHER;
	uint8_t seen;
	size_t len;

	*stop = chars_line_end(p, end);
	len = (size_t)(*stop - p);
	seen = chars_seen(p, *stop);
	/* Most lines are nothing but a name. */
	if (len && len <= USER_MAX && !(seen & rare) && !(seen & CHAR_PUNCT && memchr(p, ':', len)))
		return add(parser, p, len);
	return read_line(parser, p, *stop);
}

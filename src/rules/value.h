/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The values in a question: plain, in quotes, and as the log writes them. For rules/ alone.
 *
 *     plain        up to the next blank: alice, [2001:db8::1]:443
 *     in quotes    "a b", with \" for a quote, \\ for a backslash and \xNN for any byte but NUL
 *     in the log   after KEY=, plain or in quotes; the escapes count in both
 */
#ifndef RULES_VALUE_H
#define RULES_VALUE_H

#include "rules/parser.h"

enum { VALUE_MAX = 280 }; /* room for a name of 255 bytes and a port */

struct value {
	const char *word; /* as written, with quotes and escapes: for messages */
	size_t word_len;
	const char *text; /* without them; points into the question or to bytes */
	size_t len;
	char bytes[VALUE_MAX];
};

/* Finds the value at *p and moves *p behind it. Sets ret->word. Returns 0, or -EINVAL: noted. */
int value_find(const struct parser *parser, const char **p, const char *end, struct value *ret);

/*
 * Decodes the value that value_find() has found: one in quotes, or any if `logged` is set. Returns
 * 0, or -EINVAL, which has been noted.
 */
int value_decode(const struct parser *parser, bool logged, struct value *ret);

/* Returns true if the value is this word. */
bool value_is(const struct value *value, const char *word);

/*
 * Splits HOST:PORT. Returns the length of HOST, with its brackets; PORT follows the colon after it.
 * Returns value->len if there is no port, as in a bare IPv6 address.
 */
size_t value_host(const struct value *value);

#endif

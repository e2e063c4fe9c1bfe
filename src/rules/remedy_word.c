/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the remedies which kind of word a word is. Appends nothing but the nearest known word. */
#include "rules/remedy.h"
#include "rules/chars.h"
#include "rules/words.h"
#include "base/hint.h"

#include <string.h>

bool word_is_address(struct word word)
{
	union endpoint addr;
	char text[64];

	if (!word.len || word.len >= sizeof(text) || memchr(word.p, '\0', word.len))
		return false;
	memcpy(text, word.p, word.len);
	text[word.len] = '\0';
	return addr_parse(text, &addr) == 0;
}

bool word_is_net(struct word word)
{
	const char *slash = memchr(word.p, '/', word.len);
	size_t len = slash ? (size_t)(slash - word.p) : word.len;

	return word_is_address((struct word){ word.p, len }) &&
	       (!slash || net_bits(slash, word.p + word.len, 128) >= 0);
}

bool word_is_name(struct word word)
{
	uint32_t key;

	return word.len && !(chars_seen(word.p, word.p + word.len) & ~CHARS_NAME) &&
	       name_key(word.p, word.len, &key) == 0;
}

int word_netmask(struct word word)
{
	const char *stop;
	uint32_t mask, hosts;

	if (!net4_scan(word.p, word.p + word.len, &mask, &stop) || stop != word.p + word.len)
		return -1;
	/* A router's access lists write the inverse, 0.0.0.255. */
	hosts = mask >> 31 ? ~mask : mask;
	if (!mask || hosts & (hosts + 1))
		return -1;
	return 32 - __builtin_popcount(hosts);
}

bool remedy_near(struct text *t, struct word word, const char (*known)[12])
{
	struct hint hint = { .word = word.p, .len = word.len };

	for (; (*known)[0]; known++)
		hint_offer(&hint, *known);
	if (hint.best)
		text_strs(t, "; did you mean ", hint.best, "?", NULL);
	return hint.best;
}

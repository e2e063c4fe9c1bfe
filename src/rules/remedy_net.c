/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Remedies for misspelt IPv4 networks: netmasks, missing parts, asterisks, ranges. */
#include "rules/remedy.h"
#include "rules/chars.h"
#include "rules/words.h"

#include <string.h>

static void put_net(struct text *t, const char *begin, uint32_t addr, unsigned bits)
{
	text_str(t, begin);
	for (unsigned i = 0; i < 4; i++) {
		if (i)
			text_char(t, '.');
		text_uint(t, addr >> (24 - 8 * i) & 0xff);
	}
	text_char(t, '/');
	text_uint(t, bits);
}

/* ADDR/255.255.255.0 */
static bool put_masked(struct text *t, struct word word)
{
	const char *slash = memchr(word.p, '/', word.len), *stop;
	uint32_t addr;
	int bits;

	if (!slash || !net4_scan(word.p, slash, &addr, &stop) || stop != slash)
		return false;
	bits = word_netmask((struct word){ slash + 1, (size_t)(word.p + word.len - slash) - 1 });
	if (bits < 0)
		return false;
	put_net(t, "; write ", addr & net4_mask((unsigned)bits), (unsigned)bits);
	return true;
}

/* 10/8, 10.0/16, 192.168.1, 192.168.1.*: fewer than four parts, and perhaps a prefix length. */
static bool put_short(struct text *t, struct word word)
{
	const char *p = word.p, *end = p + word.len;
	unsigned parts = 0, value;
	uint32_t addr = 0;
	int bits;

	while (parts < 4 && p < end && char_is(*p, CHAR_DIGIT)) {
		for (value = 0; p < end && char_is(*p, CHAR_DIGIT) && value < 256; p++)
			value = value * 10 + (unsigned)(*p - '0');
		if (value > 255)
			return false;
		addr |= value << (24 - 8 * parts++);
		if (p < end && *p == '.')
			p++;
	}
	if (!parts)
		return false;
	while (p < end && (*p == '*' || (*p == '.' && p[-1] == '*')))
		p++;
	bits = p == end ? (int)(8 * parts) : net_bits(p, end, 32);
	if (parts == 4 || bits < 0 || (p == end && parts == 1 && p[-1] != '*'))
		return false;
	put_net(t, p == end && p[-1] != '*' ? "; for a network, write " : "; write ",
		addr & net4_mask((unsigned)bits), (unsigned)bits);
	return true;
}

/* 192.0.2.1-192.0.2.9, and 192.0.2.1-9 */
static bool is_range(struct word word)
{
	const char *stop, *end = word.p + word.len;
	uint32_t addr;

	return net4_scan(word.p, end, &addr, &stop) && end - stop > 1 && *stop == '-' &&
	       char_is(stop[1], CHAR_DIGIT);
}

/* Four numbers, at least one of them with a leading zero. */
static bool has_leading_zero(struct word word)
{
	const char *end = word.p + word.len;
	bool zero = false;
	unsigned dots = 0;

	for (const char *p = word.p; p < end; p++) {
		bool first = p == word.p || p[-1] == '.';

		if (*p != '.' && !char_is(*p, CHAR_DIGIT))
			return false;
		dots += *p == '.';
		zero |= first && *p == '0' && end - p > 1 && p[1] != '.';
	}
	return zero && dots == 3;
}

bool remedy_net(struct text *t, struct word word)
{
	if (put_masked(t, word) || put_short(t, word))
		return true;
	if (is_range(word))
		text_str(t, "; write NETs separated by commas, like 192.0.2.0/24");
	else if (has_leading_zero(word))
		text_str(t, "; write the parts without leading zeros");
	else
		return false;
	return true;
}

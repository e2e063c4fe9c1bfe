/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses and prefixes of NETs as numbers. The frequent spellings are read here and not by
 * wire/addr.h, because lists hold a hundred thousand of them and are read in every session.
 */
#include "rules/words.h"
#include "rules/chars.h"

#include <string.h>

static inline unsigned digit(const char *p, const char *end)
{
	return p < end ? (unsigned)(unsigned char)*p - '0' : 10;
}

/* Reads a decimal part of 0 to 255 without leading zeros. NULL: something else. */
static inline const char *scan_part(const char *p, const char *end, uint32_t *ret)
{
	unsigned value = digit(p, end), next;

	if (value > 9)
		return NULL;
	next = digit(++p, end);
	if (next <= 9) {
		if (value == 0)
			return NULL;
		value = value * 10 + next;
		next = digit(++p, end);
	}
	if (next <= 9) {
		value = value * 10 + next;
		p++;
	}
	*ret = *ret << 8 | value;
	return value <= 255 ? p : NULL;
}

bool net4_scan(const char *p, const char *end, uint32_t *ret, const char **stop)
{
	uint32_t addr = 0;

	for (int i = 0; i < 4; i++) {
		if (i && (p == end || *p++ != '.'))
			return false;
		p = scan_part(p, end, &addr);
		if (!p)
			return false;
	}
	*ret = addr;
	*stop = p;
	return true;
}

/* Reads a group of one to four hexadecimal digits. NULL: something else. */
static inline const char *scan_group(const char *p, const char *end, uint32_t *ret)
{
	const char *first = p;
	uint32_t value = 0;
	int d;

	for (; p < end && p - first < 5 && (d = char_hex(*p)) >= 0; p++)
		value = value << 4 | (uint32_t)d;
	*ret = value;
	return p == first || p - first > 4 ? NULL : p;
}

bool net6_scan(const char *p, const char *end, uint32_t *ret)
{
	uint32_t group[8] = { 0 }, words[8] = { 0 };
	int n = 0, gap = -1;

	if (end - p >= 2 && p[0] == ':' && p[1] == ':')
		p++;
	else if (p < end && *p == ':')
		return false;
	for (; p < end; n++) {
		if (*p == ':') {
			if (gap >= 0)
				return false;
			gap = n;
			if (++p == end)
				break;
		}
		if (n == 8 || !(p = scan_group(p, end, &group[n])))
			return false;
		/* A group must follow a single colon; a second colon is the gap. */
		if (p < end && (*p++ != ':' || p == end))
			return false;
	}
	if (gap < 0 ? n != 8 : n > 7)
		return false;
	for (int i = 0; i < n; i++)
		words[gap < 0 || i < gap ? i : i + 8 - n] = group[i];
	for (int i = 0; i < 4; i++)
		ret[i] = words[2 * i] << 16 | words[2 * i + 1];
	return ret[0] || ret[1] || ret[2] != 0xffff;
}

int net_bits(const char *p, const char *end, int max)
{
	int bits = 0;

	if (end - p < 2 || end - p > 4 || *p++ != '/' || (*p == '0' && end - p > 1))
		return -1;
	for (; p < end; p++) {
		if (*p < '0' || *p > '9')
			return -1;
		bits = bits * 10 + (*p - '0');
	}
	return bits <= max ? bits : -1;
}

void net6_words(const union endpoint *addr, uint32_t *ret)
{
	uint32_t words[4];

	memcpy(words, &addr->in6.sin6_addr, sizeof(words));
	for (int i = 0; i < 4; i++)
		ret[i] = ntohl(words[i]);
}

bool net6_holds(const uint32_t *net, unsigned bits, const uint32_t *a)
{
	unsigned i = 0;

	for (; bits >= 32; bits -= 32, i++)
		if (net[i] != a[i])
			return false;
	return bits == 0 || ((net[i] ^ a[i]) & net4_mask(bits)) == 0;
}

bool net6_cut(uint32_t *net, unsigned bits)
{
	bool cut = false;

	for (unsigned i = 0; i < 4; i++) {
		unsigned here = bits < 32 ? bits : 32;

		cut |= (net[i] & ~net4_mask(here)) != 0;
		net[i] &= net4_mask(here);
		bits -= here;
	}
	return cut;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses and prefixes of NETs as numbers. IPv4 ones are read here, because lists hold a hundred
 * thousand of them and are read in every session; the rest is wire/addr.h's.
 */
#include <string.h>

#include "policy/rules_words.h"

/* One decimal part of 0 to 255 without leading zeros; NULL: something else. */
static inline const char *scan_part(const char *p, const char *end, uint32_t *ret)
{
	const char *first = p;
	uint32_t value = 0;

	for (; p < end && p - first < 4 && *p >= '0' && *p <= '9'; p++)
		value = value * 10 + (uint32_t)(*p - '0');
	if (p == first || value > 255 || (p - first > 1 && *first == '0'))
		return NULL;
	*ret = *ret << 8 | value;
	return p;
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

	memcpy(words, &addr->in6.sin6_addr, sizeof words);
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

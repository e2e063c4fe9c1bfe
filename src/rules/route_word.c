/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the values in a route that the options interface, mark, rate and source have as well. */
#include "rules/route.h"
#include "rules/chars.h"

#include <string.h>

/* The highest rate. */
#define RATE_MAX UINT64_C(1000000000000)

bool route_interface(const char *p, size_t len, char ret[INTERFACE_SIZE])
{
	if (!len || len >= INTERFACE_SIZE || memchr(p, '/', len) || memchr(p, ' ', len) ||
	    memchr(p, '\t', len))
		return false;
	memcpy(ret, p, len);
	ret[len] = '\0';
	return true;
}

/* Reads len digits of that base. Returns false for no digits, for another byte, or if over max. */
static bool read_number(const char *p, size_t len, unsigned base, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		int d = char_hex(p[i]);

		if (d < 0 || d >= (int)base || v > (max - (uint64_t)d) / base)
			return false;
		v = v * base + (uint64_t)d;
	}
	*ret = v;
	return len > 0;
}

bool route_mark(const char *p, size_t len, uint32_t *ret)
{
	bool hex = len > 2 && p[0] == '0' && (p[1] | 0x20) == 'x';
	uint64_t v;

	if (!read_number(hex ? p + 2 : p, hex ? len - 2 : len, hex ? 16 : 10, UINT32_MAX, &v))
		return false;
	*ret = (uint32_t)v;
	return true;
}

bool route_rate(const char *p, size_t len, uint64_t *ret)
{
	static const char suffixes[] = "kMG";
	const char *suffix = len && p[len - 1] ? strchr(suffixes, p[len - 1]) : NULL;
	uint64_t v;

	if (!read_number(p, suffix ? len - 1 : len, 10, RATE_MAX, &v) || !v)
		return false;
	for (const char *c = suffixes; suffix && c <= suffix; c++) {
		if (v > RATE_MAX / 1000)
			return false;
		v *= 1000;
	}
	*ret = v;
	return true;
}

bool route_source(const char *p, size_t len, struct address_pair *pair)
{
	union endpoint addr, *slot;
	char text[ADDR_TEXT_MAX];

	if (len >= sizeof(text) || memchr(p, '\0', len))
		return false;
	memcpy(text, p, len);
	text[len] = '\0';
	if (addr_parse(text, &addr) < 0)
		return false;
	slot = addr.sa.sa_family == AF_INET ? &pair->ipv4 : &pair->ipv6;
	if (slot->sa.sa_family != AF_UNSPEC || addr_is_unspecified(&addr))
		return false;
	*slot = addr;
	return true;
}

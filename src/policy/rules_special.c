/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of addresses, and which of them no rule opens by accident. An IPv6 address that carries an
 * IPv4 one is judged by both. Addresses of this host are for the caller to know.
 */
#include <string.h>

#include "policy/rules_words.h"

static const struct {
	uint32_t net;
	uint8_t bits;
	uint16_t group;
} ranges4[] = {
	{0x00000000, 8, GROUP_UNSPECIFIED}, /* RFC 1122: this host, this network */
	{0x7f000000, 8, GROUP_LOOPBACK},
	{0xa9fe0000, 16, GROUP_LINK_LOCAL},
	{0xe0000000, 4, GROUP_MULTICAST},
	{0xffffffff, 32, GROUP_MULTICAST}, /* broadcast: many as well */
	{0x0a000000, 8, GROUP_PRIVATE},	   /* RFC 1918 */
	{0xac100000, 12, GROUP_PRIVATE},
	{0xc0a80000, 16, GROUP_PRIVATE},
	{0x64400000, 10, GROUP_PRIVATE},   /* RFC 6598 */
	{0x646464c8, 32, GROUP_METADATA},  /* 100.100.100.200, 168.63.129.16, 192.0.0.192: */
	{0xa83f8110, 32, GROUP_METADATA},  /* what 169.254.169.254 is elsewhere */
	{0xc00000c0, 32, GROUP_METADATA},
};

static const struct {
	uint32_t net[4];
	uint8_t bits;
	uint16_t group;
} ranges6[] = {
	{{0, 0, 0, 0}, 128, GROUP_UNSPECIFIED},
	{{0, 0, 0, 1}, 128, GROUP_LOOPBACK},
	{{0xfe800000}, 10, GROUP_LINK_LOCAL},
	{{0xff000000}, 8, GROUP_MULTICAST},
	{{0xfc000000}, 7, GROUP_PRIVATE},
	{{0xfd000ec2, 0, 0, 0x254}, 128, GROUP_METADATA}, /* and by IPv6 */
	{{0xfd000ec2, 0, 0, 0x23}, 128, GROUP_METADATA},
	{{0xfd2000ce, 0, 0, 0x254}, 128, GROUP_METADATA},
};

static const struct {
	char word[12];
	uint16_t group;
} words[] = {
	{"any", GROUP_ANY},
	{"local", GROUP_LOCAL},
	{"loopback", GROUP_LOOPBACK},
	{"private", GROUP_PRIVATE},
	{"link-local", GROUP_LINK_LOCAL},
	{"multicast", GROUP_MULTICAST},
	{"unspecified", GROUP_UNSPECIFIED},
	{"self", GROUP_SELF},
};

unsigned rules_groups4(uint32_t addr)
{
	unsigned groups = 0;

	for (size_t i = 0; i < sizeof ranges4 / sizeof *ranges4; i++)
		if ((addr & net4_mask(ranges4[i].bits)) == ranges4[i].net)
			groups |= ranges4[i].group;
	return groups;
}

unsigned rules_groups6(const uint32_t *addr)
{
	unsigned groups = 0;

	for (size_t i = 0; i < sizeof ranges6 / sizeof *ranges6; i++)
		if (net6_holds(ranges6[i].net, ranges6[i].bits, addr))
			groups |= ranges6[i].group;
	return groups;
}

unsigned rules_group(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].word[0] == word[0] && strlen(words[i].word) == len &&
			memcmp(words[i].word, word, len) == 0)
			return words[i].group;
	return 0;
}

/* Has it the bytes of this length at that place? */
static bool has(const union endpoint *addr, size_t at, const char *bytes, size_t len)
{
	return memcmp((const char *)&addr->in6.sin6_addr + at, bytes, len) == 0;
}

/*
 * One address can carry two: the prefix tells of the one (6to4, NAT64...), the interface
 * identifier of the other (ISATAP). The local NAT64 prefix 64:ff9b:1::/48 (RFC 8215) is taken as
 * used with /96.
 */
unsigned rules_disguises(const union endpoint *addr, struct disguise *ret)
{
	union endpoint inner, other = *addr;
	uint8_t *bytes = (uint8_t *)&other.in6.sin6_addr;
	unsigned n = 0;

	if (addr->sa.sa_family != AF_INET6)
		return 0;
	if (has(addr, 0, "\0\x64\xff\x9b\0\1", 6))
		memcpy(bytes, "\0\x64\xff\x9b\0\0\0\0\0\0\0", 12);
	if (!addr_embedded_ipv4(&other, &inner))
		return 0;
	ret[n].v4 = ntohl(inner.in.sin_addr.s_addr);
	ret[n++].start = has(addr, 0, "\x20\x02", 2) ? 16 : 96;
	memcpy(bytes, "\x20\x01\x0d\xb8\0\0\0", 8);
	if (addr_embedded_ipv4(&other, &inner) && ntohl(inner.in.sin_addr.s_addr) != ret->v4) {
		ret[n].v4 = ntohl(inner.in.sin_addr.s_addr);
		ret[n++].start = 96;
	}
	return n;
}

/* Long lists are full of what is not: that is seen by the first bytes. */
static inline bool may_be_special4(uint32_t net)
{
	uint32_t first = net >> 24;

	return first >= 224 || first == 127 || first == 169 || first == 0 || first == 192 ||
	       first == 168 || first == 100;
}

static inline bool may_be_special6(const uint32_t *net)
{
	uint32_t first = net[0] >> 16;

	return first >= 0xfc00 || first <= 0x64 || first == 0x2002 || net[0] == 0x20010000 ||
	       (net[2] & 0xfdffffff) == 0x00005efe;
}

bool net4_is_special(uint32_t net, unsigned bits)
{
	if (!may_be_special4(net))
		return false;
	for (size_t i = 0; i < sizeof ranges4 / sizeof *ranges4; i++)
		if (ranges4[i].group & GROUPS_SPECIAL && ranges4[i].bits <= bits &&
			(net & net4_mask(ranges4[i].bits)) == ranges4[i].net)
			return true;
	return false;
}

/* The same of what is inside: all addresses of such a NET carry IPv4 ones of one special range. */
static bool is_special_inside(const uint32_t *net, unsigned bits)
{
	struct disguise inside[DISGUISES_MAX];
	union endpoint addr;
	uint8_t bytes[16];
	unsigned n, known;

	for (unsigned i = 0; i < 16; i++)
		bytes[i] = (uint8_t)(net[i / 4] >> (24 - i % 4 * 8));
	addr_set_ipv6(&addr, bytes, 0);
	n = rules_disguises(&addr, inside);
	for (unsigned i = 0; i < n; i++) {
		if (bits <= inside[i].start)
			continue;
		known = bits - inside[i].start;
		if (net4_is_special(inside[i].v4, known < 32 ? known : 32))
			return true;
	}
	return false;
}

bool net6_is_special(const uint32_t *net, unsigned bits)
{
	if (!may_be_special6(net))
		return false;
	for (size_t i = 0; i < sizeof ranges6 / sizeof *ranges6; i++)
		if (ranges6[i].group & GROUPS_SPECIAL && ranges6[i].bits <= bits &&
			net6_holds(ranges6[i].net, ranges6[i].bits, net))
			return true;
	return is_special_inside(net, bits);
}

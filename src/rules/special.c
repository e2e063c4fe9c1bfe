/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The groups of addresses, and which of them are special: no rule opens those by accident. An IPv6
 * address that carries an IPv4 address is judged by both. Does not know the addresses of this host;
 * the caller does.
 */
#include "rules/words.h"

#include <string.h>

static const struct {
	uint32_t net;
	uint8_t bits;
	uint16_t group;
} ranges4[] = {
	{ 0x00000000, 8, GROUP_UNSPECIFIED }, /* RFC 1122: this host, this network */
	{ 0x7f000000, 8, GROUP_LOOPBACK },
	{ 0xa9fe0000, 16, GROUP_LINK_LOCAL },
	{ 0xe0000000, 4, GROUP_MULTICAST },
	{ 0xffffffff, 32, GROUP_MULTICAST }, /* broadcast reaches many hosts too */
	{ 0x0a000000, 8, GROUP_PRIVATE },    /* RFC 1918 */
	{ 0xac100000, 12, GROUP_PRIVATE },
	{ 0xc0a80000, 16, GROUP_PRIVATE },
	{ 0x64400000, 10, GROUP_PRIVATE }, /* RFC 6598 */
	/* Clouds that do not have their metadata service at 169.254.169.254. */
	{ 0x646464c8, 32, GROUP_METADATA }, /* 100.100.100.200 */
	{ 0xa83f8110, 32, GROUP_METADATA }, /* 168.63.129.16 */
	{ 0xc00000c0, 32, GROUP_METADATA }, /* 192.0.0.192 */
};

static const struct {
	uint32_t net[4];
	uint8_t bits;
	uint16_t group;
} ranges6[] = {
	{ { 0, 0, 0, 0 }, 128, GROUP_UNSPECIFIED },
	{ { 0, 0, 0, 1 }, 128, GROUP_LOOPBACK },
	{ { 0xfe800000 }, 10, GROUP_LINK_LOCAL },
	{ { 0xff000000 }, 8, GROUP_MULTICAST },
	{ { 0xfc000000 }, 7, GROUP_PRIVATE },
	{ { 0xfd000ec2, 0, 0, 0x254 }, 128, GROUP_METADATA }, /* the same by IPv6 */
	{ { 0xfd000ec2, 0, 0, 0x23 }, 128, GROUP_METADATA },
	{ { 0xfd2000ce, 0, 0, 0x254 }, 128, GROUP_METADATA },
};

static const struct {
	char word[12];
	uint16_t group;
} words[] = {
	{ "any", GROUP_ANY },
	{ "local", GROUP_LOCAL },
	{ "loopback", GROUP_LOOPBACK },
	{ "private", GROUP_PRIVATE },
	{ "link-local", GROUP_LINK_LOCAL },
	{ "multicast", GROUP_MULTICAST },
	{ "unspecified", GROUP_UNSPECIFIED },
	{ "self", GROUP_SELF },
	{ "literal", GROUP_LITERAL },
};

unsigned rules_groups4(uint32_t addr)
{
	unsigned groups = 0;

	for (size_t i = 0; i < sizeof(ranges4) / sizeof(*ranges4); i++)
		if ((addr & net4_mask(ranges4[i].bits)) == ranges4[i].net)
			groups |= ranges4[i].group;
	return groups;
}

unsigned rules_groups6(const uint32_t *addr)
{
	unsigned groups = 0;

	for (size_t i = 0; i < sizeof(ranges6) / sizeof(*ranges6); i++)
		if (net6_holds(ranges6[i].net, ranges6[i].bits, addr))
			groups |= ranges6[i].group;
	return groups;
}

bool rules_is_private(const union endpoint *addr)
{
	uint32_t v6[4];

	if (addr->sa.sa_family == AF_INET)
		return rules_groups4(ntohl(addr->in.sin_addr.s_addr)) & GROUP_PRIVATE;
	net6_words(addr, v6);
	return rules_groups6(v6) & GROUP_PRIVATE;
}

unsigned rules_group(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].word[0] == word[0] && strlen(words[i].word) == len &&
		    memcmp(words[i].word, word, len) == 0)
			return words[i].group;
	return 0;
}

/*
 * Every reading of the address counts, with one exception. In 64:ff9b:1::/48 the prefix has one of
 * four lengths, and only the translator knows which, so all four readings are made. The wrong ones
 * find zeros: those before the end of a short prefix, and those that RFC 6052 wants after the
 * address. 64:ff9b:1::8.8.8.8 is 0.0.0.8 when read by /64, and an address that is 8.8.8.8 by /48 is
 * 0.0.0.0 by /96; an IPv6-only host must be able to reach both. So a reading in 0.0.0.0/8 counts
 * only if all four readings are in it; a reading by /96 always counts, unless it is 0.0.0.0 itself.
 * This opens nothing: a translator can't reach an address of 0.0.0.0/8.
 */
unsigned rules_disguises(const union endpoint *addr, struct addr_embedded *ret)
{
	struct addr_embedded all[ADDR_EMBEDDED_MAX];
	unsigned n = addr_embedded_ipv4(addr, all), kept = 0;
	bool elsewhere = false;

	for (unsigned i = 0; i < n; i++)
		elsewhere |= all[i].guess && all[i].v4 >> 24;
	for (unsigned i = 0; i < n; i++) {
		bool zeros = all[i].guess && !(all[i].v4 >> 24);

		if (!zeros || !elsewhere || (all[i].bit == 96 && all[i].v4))
			ret[kept++] = all[i];
	}
	return kept;
}

/* The first bytes rule out most NETs of a long list. */
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
	for (size_t i = 0; i < sizeof(ranges4) / sizeof(*ranges4); i++)
		if (ranges4[i].group & GROUPS_SPECIAL && ranges4[i].bits <= bits &&
		    (net & net4_mask(ranges4[i].bits)) == ranges4[i].net)
			return true;
	return false;
}

/*
 * Returns true if all addresses of the NET carry IPv4 addresses of one special range. The NET must
 * fix every reading that is a guess, or it would open addresses that are special by another length
 * of the prefix: 64:ff9b:1::/96 is 0.0.0.0 by /48, and all of IPv4 by /96.
 */
static bool is_special_inside(const uint32_t *net, unsigned bits)
{
	struct addr_embedded inside[ADDR_EMBEDDED_MAX];
	union endpoint addr;
	uint8_t bytes[16];
	bool special = false;
	unsigned n;

	for (unsigned i = 0; i < 16; i++)
		bytes[i] = (uint8_t)(net[i / 4] >> (24 - i % 4 * 8));
	addr_set_ipv6(&addr, bytes, 0);
	n = addr_embedded_ipv4(&addr, inside);
	for (unsigned i = 0; i < n; i++) {
		unsigned known = addr_embedded_known(&inside[i], bits);

		if (known && net4_is_special(inside[i].v4, known))
			special = true;
		else if (inside[i].guess && known < 32)
			return false;
	}
	return special;
}

bool net6_is_special(const uint32_t *net, unsigned bits)
{
	if (!may_be_special6(net))
		return false;
	for (size_t i = 0; i < sizeof(ranges6) / sizeof(*ranges6); i++)
		if (ranges6[i].group & GROUPS_SPECIAL && ranges6[i].bits <= bits &&
		    net6_holds(ranges6[i].net, ranges6[i].bits, net))
			return true;
	return is_special_inside(net, bits);
}

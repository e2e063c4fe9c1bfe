/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One item of `from` or `to`: an address, a NET, a group, a name or a list file. What it looks like
 * decides what it is taken for, so that a misspelt address is never a name.
 */
#include <errno.h>
#include <string.h>

#include "policy/rules_parser.h"
#include "policy/rules_words.h"

static int no_memory(const struct parser *parser, const char *word, size_t len)
{
	return parser_error(parser, word, len, "memory", -ENOMEM);
}

static int add_net4(struct parser *parser, const char *word, size_t len, uint32_t addr,
	unsigned bits)
{
	uint32_t mask = net4_mask(bits);
	struct net4 *net = parser_item(parser,
		net4_is_special(addr & mask, bits) ? RUN_NET4_SPECIAL : RUN_NET4, sizeof *net);

	if (!net)
		return no_memory(parser, word, len);
	parser->host_bits |= (addr & ~mask) != 0;
	net->net = addr & mask;
	net->mask = mask;
	return 0;
}

static int add_net6(struct parser *parser, const char *word, size_t len, const union endpoint *addr,
	unsigned bits)
{
	struct net6 net = {.bits = bits}, *item;

	net6_words(addr, net.net);
	parser->host_bits |= net6_cut(net.net, bits);
	item = parser_item(parser,
		net6_is_special(net.net, bits) ? RUN_NET6_SPECIAL : RUN_NET6, sizeof net);
	if (!item)
		return no_memory(parser, word, len);
	*item = net;
	return 0;
}

/* A word with colons: an IPv6 NET, or IPv4 written as IPv4-mapped IPv6. */
static int parse_net6(struct parser *parser, const char *word, size_t len)
{
	const char *end = word + len, *slash = memchr(word, '/', len);
	size_t n = slash ? (size_t)(slash - word) : len;
	union endpoint addr;
	char text[64];
	int bits = slash ? net_bits(slash, end, 128) : 128;

	if (n >= sizeof text)
		return parser_mistake(parser, word, len, "an IPv6 address");
	memcpy(text, word, n);
	text[n] = '\0';
	if (memchr(text, '\0', n) || addr_parse(text, &addr) != 0)
		return parser_mistake(parser, word, len, "an IPv6 address");
	if (bits < 0)
		return parser_mistake(parser, word, len, "a prefix length of 0 to 128");
	if (addr.sa.sa_family == AF_INET6)
		return add_net6(parser, word, len, &addr, (unsigned)bits);
	if (bits < 96)
		return parser_mistake(parser, word, len,
			"a prefix length of 96 to 128 behind an IPv4-mapped address");
	return add_net4(parser, word, len, ntohl(addr.in.sin_addr.s_addr), (unsigned)bits - 96);
}

/* A word without colons that begins with an IPv4 address, which ends at stop. */
static int parse_net4(struct parser *parser, const char *word, size_t len, uint32_t addr,
	const char *stop)
{
	const char *end = word + len;
	int bits = stop == end ? 32 : net_bits(stop, end, 32);

	if (bits < 0)
		return parser_mistake(parser, word, len, "a prefix length of 0 to 32");
	return add_net4(parser, word, len, addr, (unsigned)bits);
}

static int parse_group(struct parser *parser, const char *word, size_t len, unsigned group)
{
	uint32_t *item;

	if (group == GROUP_LOCAL && parser->section == SECTION_TO)
		return parser_mistake(parser, word, len,
			"`local` behind `from` alone (destinations have loopback and self)");
	item = parser_item(parser, RUN_GROUP, sizeof *item);
	if (!item)
		return no_memory(parser, word, len);
	*item = group;
	return 0;
}

/* Digits and dots alone: somebody meant an address. */
static bool is_numeric(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (word[i] != '.' && (word[i] < '0' || word[i] > '9'))
			return false;
	return true;
}

static int parse_name(struct parser *parser, const char *word, size_t len)
{
	struct name *name;
	uint32_t key;

	if (is_numeric(word, len))
		return parser_mistake(parser, word, len,
			"an IPv4 address of four parts of 0 to 255");
	if (parser->section == SECTION_FROM)
		return parser_mistake(parser, word, len,
			"an address, NET or group (any, local, loopback, private, link-local, "
			"multicast, "
			"unspecified, self); clients have no names");
	if (word[0] == '*')
		return parser_mistake(parser, word, len, "a domain as .example.com, or any");
	if (name_key(word, len, &key) != 0)
		return parser_mistake(parser, word, len,
			"an address, NET, group or name (letters, digits, hyphens, dots)");
	name = parser_item(parser, RUN_NAME, sizeof *name);
	if (!name)
		return no_memory(parser, word, len);
	name->key = key;
	name->at = (uint32_t)(word - parser->text);
	return 0;
}

int parser_address(struct parser *parser, const char *word, size_t len)
{
	const char *stop;
	uint32_t addr;
	unsigned group;

	if (word[0] >= '0' && word[0] <= '9' && net4_scan(word, word + len, &addr, &stop) &&
		(stop == word + len || *stop == '/'))
		return parse_net4(parser, word, len, addr, stop);
	if (word[0] == '@')
		return parser_list(parser, word, len);
	if (memchr(word, ':', len) || word[0] == '[')
		return parse_net6(parser, word, len);
	if (memchr(word, '/', len))
		return parser_mistake(parser, word, len, "an address before the /");
	group = rules_group(word, len);
	if (group)
		return parse_group(parser, word, len, group);
	return parse_name(parser, word, len);
}

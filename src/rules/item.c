/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads one item of `from`, `to` or a list: an address, a NET, a group or a name. The form of the
 * item decides which, so that a misspelt address is never taken for a name.
 */
#include "rules/parser.h"
#include "rules/words.h"

#include <errno.h>
#include <string.h>

bool parser_net4(struct parser *parser, uint32_t addr, unsigned bits)
{
	uint32_t mask = net4_mask(bits);
	enum run_kind kind = net4_is_special(addr & mask, bits) ? RUN_NET4_SPECIAL : RUN_NET4;
	struct net4 *net = parser_item(parser, kind, sizeof(*net));

	if (!net)
		return false;
	parser->host_bits |= (addr & ~mask) != 0;
	net->net = addr & mask;
	net->mask = mask;
	return true;
}

const char *parser_plain_net4(struct parser *parser, const char *p, const char *end,
			      unsigned stop_at)
{
	const char *stop;
	unsigned bits = 32;
	uint32_t addr;

	if (!net4_scan(p, end, &addr, &stop))
		return NULL;
	if (end - stop >= 2 && *stop == '/' && char_is(stop[1], CHAR_DIGIT)) {
		bits = (unsigned)(stop[1] - '0');
		stop += 2;
		if (bits && stop < end && char_is(*stop, CHAR_DIGIT))
			bits = bits * 10 + (unsigned)(*stop++ - '0');
	}
	if ((stop < end && !char_is(*stop, stop_at)) || bits > 32 ||
	    !parser_net4(parser, addr, bits))
		return NULL;
	return stop;
}

static bool add_net6(struct parser *parser, const uint32_t *addr, unsigned bits)
{
	struct net6 net = { .bits = bits }, *item;

	memcpy(net.net, addr, sizeof(net.net));
	parser->host_bits |= net6_cut(net.net, bits);
	item = parser_item(parser, net6_is_special(net.net, bits) ? RUN_NET6_SPECIAL : RUN_NET6,
			   sizeof(net));
	if (item)
		*item = net;
	return item;
}

/*
 * Reads an IPv6 address in any of its spellings. Returns AF_INET6; AF_INET with one word in ret if
 * it is IPv4-mapped; 0 if it is not an address.
 */
static int read_net6(const char *word, size_t len, uint32_t *ret)
{
	union endpoint addr;
	char text[64];

	if (net6_scan(word, word + len, ret))
		return AF_INET6;
	if (len >= sizeof(text) || memchr(word, '\0', len))
		return 0;
	memcpy(text, word, len);
	text[len] = '\0';
	if (addr_parse(text, &addr) != 0)
		return 0;
	if (addr.sa.sa_family == AF_INET6)
		net6_words(&addr, ret);
	else
		ret[0] = ntohl(addr.in.sin_addr.s_addr);
	return addr.sa.sa_family;
}

/* A word with colons: an IPv6 NET, or an IPv4 one written as IPv4-mapped IPv6. */
static int parse_net6(struct parser *parser, const char *word, size_t len)
{
	const char *end = word + len, *slash = memchr(word, '/', len);
	uint32_t addr[4];
	int family = read_net6(word, slash ? (size_t)(slash - word) : len, addr);
	int bits = slash ? net_bits(slash, end, 128) : 128;
	const char *colon = memchr(word, ':', len);

	if (!family)
		return parser_mistake(
			parser, word, len,
			colon == memrchr(word, ':', len) ?
				"an address or name without a port, or an IPv6 address" :
				"an IPv6 address");
	if (bits < 0)
		return parser_mistake(parser, word, len, "a prefix length of 0 to 128");
	if (family == AF_INET && bits < 96)
		return parser_mistake(parser, word, len,
				      "a prefix length of 96 to 128 after an IPv4-mapped address");
	if (family == AF_INET ? parser_net4(parser, addr[0], (unsigned)bits - 96) :
				add_net6(parser, addr, (unsigned)bits))
		return 0;
	return parser_no_memory(parser, word, len);
}

/* A word without colons that begins with the IPv4 address addr, which ends at stop. */
static int parse_net4(struct parser *parser, const char *word, size_t len, uint32_t addr,
		      const char *stop)
{
	const char *end = word + len;
	int bits = stop == end ? 32 : net_bits(stop, end, 32);

	if (bits < 0)
		return parser_mistake(parser, word, len, "a prefix length of 0 to 32");
	if (!parser_net4(parser, addr, (unsigned)bits))
		return parser_no_memory(parser, word, len);
	return 0;
}

static int parse_group(struct parser *parser, const char *word, size_t len, unsigned group)
{
	uint32_t *item;

	if (group == GROUP_LOCAL && parser->section == SECTION_TO)
		return parser_mistake(
			parser, word, len,
			"`local` after `from` only (use loopback or self for destinations)");
	if (group == GROUP_LITERAL && parser->section == SECTION_FROM)
		return parser_mistake(parser, word, len,
				      "`literal` after `to` only, because clients have no names");
	item = parser_item(parser, RUN_GROUP, sizeof(*item));
	if (!item)
		return parser_no_memory(parser, word, len);
	*item = group;
	return 0;
}

static int parse_name(struct parser *parser, const char *word, size_t len)
{
	struct name *name;
	uint32_t key;

	if (!(parser->seen & ~(CHAR_DIGIT | CHAR_DOT)))
		return parser_mistake(parser, word, len,
				      "an IPv4 address of four parts, each 0 to 255");
	if (parser->section == SECTION_FROM)
		return parser_mistake(
			parser, word, len,
			"an address, NET or group (any, local, loopback, private, link-local, "
			"multicast, unspecified, self); clients have no names");
	if (word[0] == '*')
		return parser_mistake(parser, word, len, "a domain like .example.com, or any");
	if (parser->seen & ~CHARS_NAME || name_key(word, len, &key) != 0)
		return parser_mistake(
			parser, word, len,
			"an address, NET, group or name (letters, digits, hyphens, dots)");
	name = parser_item(parser, RUN_NAME, sizeof(*name));
	if (!name)
		return parser_no_memory(parser, word, len);
	name->key = key;
	name->at = (uint32_t)(word - parser->text);
	return 0;
}

int parser_address(struct parser *parser, const char *word, size_t len)
{
	const char *stop;
	uint32_t addr;
	unsigned group;

	if (char_is(word[0], CHAR_DIGIT) && net4_scan(word, word + len, &addr, &stop) &&
	    (stop == word + len || *stop == '/'))
		return parse_net4(parser, word, len, addr, stop);
	if (parser->seen & CHAR_PUNCT) {
		if (memchr(word, ':', len) || word[0] == '[')
			return parse_net6(parser, word, len);
		if (memchr(word, '/', len))
			return parser_mistake(parser, word, len, "an address before the /");
	}
	group = parser->seen == CHAR_LETTER ? rules_group(word, len) : 0;
	if (group)
		return parse_group(parser, word, len, group);
	return parse_name(parser, word, len);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Thousands of IPv4 addresses inside IPv6 ones: a special address stays closed whatever stands
 * around it, an ordinary one stays open, and a NET opens no more than it names.
 */
#include "rules_kit.h"

static uint32_t state = 6052;

static uint32_t dice(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void put_bytes(uint8_t *at, uint32_t v4, uint8_t flip)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(v4 >> (24 - 8 * i)) ^ flip;
}

/* clang-format off */
/* A form: the bytes that mark it, and where they stand; the places of the IPv4 address's bytes. */
static const struct disguise {
	const char *name;
	struct {
		uint8_t from, len, bytes[12];
	} mark[2];
	uint8_t at[4], flip;
	bool is_short; /* a prefix of 64:ff9b:1::/48, shorter than /96 */
} disguises[] = {
	{ "mapped", { { 0, 12, { [10] = 255, [11] = 255 } } }, { 12, 13, 14, 15 }, 0, false },
	{ "compatible", { { 0, 12, { 0 } } }, { 12, 13, 14, 15 }, 0, false },
	{ "translated", { { 0, 12, { [8] = 255, [9] = 255 } } }, { 12, 13, 14, 15 }, 0, false },
	{ "NAT64", { { 0, 12, { 0, 0x64, 0xff, 0x9b } } }, { 12, 13, 14, 15 }, 0, false },
	{ "local NAT64 /96", { { 0, 6, { 0, 0x64, 0xff, 0x9b, 0, 1 } } },
	  { 12, 13, 14, 15 }, 0, false },
	{ "local NAT64 /64", { { 0, 6, { 0, 0x64, 0xff, 0x9b, 0, 1 } } },
	  { 9, 10, 11, 12 }, 0, true },
	{ "local NAT64 /56", { { 0, 6, { 0, 0x64, 0xff, 0x9b, 0, 1 } } },
	  { 7, 9, 10, 11 }, 0, true },
	{ "local NAT64 /48", { { 0, 6, { 0, 0x64, 0xff, 0x9b, 0, 1 } } },
	  { 6, 7, 9, 10 }, 0, true },
	{ "6to4", { { 0, 2, { 0x20, 0x02 } } }, { 2, 3, 4, 5 }, 0, false },
	{ "Teredo", { { 0, 4, { 0x20, 0x01 } } }, { 12, 13, 14, 15 }, 255, false },
	{ "ISATAP", { { 8, 4, { 0, 0, 0x5e, 0xfe } } }, { 12, 13, 14, 15 }, 0, false },
	{ "ISATAP, global", { { 8, 4, { 2, 0, 0x5e, 0xfe } } }, { 12, 13, 14, 15 }, 0, false },
	{ "ISATAP in 6to4",
	  { { 0, 6, { 0x20, 0x02, 8, 8, 8, 8 } }, { 8, 4, { 0, 0, 0x5e, 0xfe } } },
	  { 12, 13, 14, 15 }, 0, false },
	{ "6to4 with ISATAP",
	  { { 0, 2, { 0x20, 0x02 } }, { 8, 8, { 2, 0, 0x5e, 0xfe, 8, 8, 8, 8 } } },
	  { 2, 3, 4, 5 }, 0, false },
	{ "ISATAP in Teredo",
	  { { 0, 4, { 0x20, 0x01 } }, { 8, 4, { 2, 0, 0x5e, 0xfe } } },
	  { 12, 13, 14, 15 }, 0, false },
	{ "ISATAP in local NAT64",
	  { { 0, 6, { 0, 0x64, 0xff, 0x9b, 0, 1 } }, { 8, 4, { 0, 0, 0x5e, 0xfe } } },
	  { 12, 13, 14, 15 }, 0, false },
};
/* clang-format on */

enum { N_DISGUISES = sizeof(disguises) / sizeof(*disguises) };

static union endpoint disguised(const struct disguise *d, uint32_t v4, bool noise)
{
	uint8_t bytes[16] = { 0 }, four[4];
	union endpoint addr;

	/* If the interface identifier is the mark, the prefix has no meaning of its own. */
	if (!noise)
		memcpy(bytes, "\x20\x01\x0d\xb8", d->mark[0].from ? 4 : 0);
	for (unsigned i = 0; noise && i < 16; i++)
		bytes[i] = (uint8_t)dice();
	for (unsigned i = 0; i < 2; i++)
		memcpy(bytes + d->mark[i].from, d->mark[i].bytes, d->mark[i].len);
	put_bytes(four, v4, d->flip);
	for (unsigned i = 0; i < 4; i++)
		bytes[d->at[i]] = four[i];
	addr_set_ipv6(&addr, bytes, 80);
	return addr;
}

static enum rules_verdict decide(const struct rules *rules, const union endpoint *addr)
{
	struct rules_decision decision;
	union endpoint client;
	const struct rules_query query = { .kind = CLIENT_INTERNET,
					   .client = &client,
					   .command = RULES_CONNECT,
					   .addr = addr,
					   .port = 80,
					   .is_self = kit_is_self };

	addr_parse("192.0.2.7", &client);
	return rules_decide(rules, &query, &decision);
}

static enum rules_special special(const union endpoint *addr)
{
	return rules_special(addr, kit_is_self, NULL, NULL);
}

static unsigned complain(const struct disguise *d, const union endpoint *addr)
{
	char text[ADDR_TEXT_MAX];

	addr_format_host(addr, text);
	printf("# %s: %s\n", d->name, text);
	return 1;
}

static const struct {
	uint32_t first, last;
} special_ranges[] = {
	{ 0x00000000, 0x00ffffff }, { 0x7f000000, 0x7fffffff }, { 0xa9fe0000, 0xa9feffff },
	{ 0xe0000000, 0xefffffff }, { 0xffffffff, 0xffffffff }, { 0x646464c8, 0x646464c8 },
	{ 0xa83f8110, 0xa83f8110 }, { 0xc00000c0, 0xc00000c0 }, { 0xcb007109, 0xcb007109 },
	{ 0x0a090909, 0x0a090909 },
};

enum { N_RANGES = sizeof(special_ranges) / sizeof(*special_ranges), MEMBERS = 400 };

/* A tenth of n under valgrind, where each takes forty times as long. */
static unsigned some(unsigned n)
{
	return is_valgrind() ? n / 10 : n;
}

/*
 * True for what no form can promise: an address of 0.0.0.0/8 by a short prefix of 64:ff9b:1::/48,
 * or 32 zeros at the end, may as well be padding around an address of another prefix length.
 */
static bool is_reserved(const struct disguise *d, uint32_t v4)
{
	return d->is_short ? v4 >> 24 == 0 : v4 == 0 && strncmp(d->name, "local", 5) == 0;
}

static void test_special(void)
{
	struct rules rules;
	struct rules_error err;

	kit_rules(&rules, "allow to any", &err);
	for (const struct disguise *d = disguises; d < disguises + N_DISGUISES; d++) {
		unsigned open = 0, unseen = 0, tried = 0;

		for (unsigned i = 0; i < some(N_RANGES * MEMBERS); i++) {
			uint32_t first = special_ranges[i % N_RANGES].first;
			uint32_t last = special_ranges[i % N_RANGES].last, v4 = first;
			union endpoint addr;

			if (last > first)
				v4 += i < N_RANGES ? 0 : dice() % (last - first + 1);
			if (i >= N_RANGES && i < 2 * N_RANGES)
				v4 = last;
			if (is_reserved(d, v4))
				continue;
			addr = disguised(d, v4, i % 4 != 3);
			tried++;
			if (decide(&rules, &addr) != RULES_DENY)
				open += complain(d, &addr);
			if (!special(&addr))
				unseen += complain(d, &addr);
		}
		is_int(open, 0, "%s: none of %u special addresses is open", d->name, tried);
		is_int(unseen, 0, "%s: each special address is recognised", d->name);
	}
	rules_free(&rules);
}

/*
 * The numbers are ordinary wherever the address is read, and inverted by Teredo too: the first is
 * from 32 to 61, the others are below 100.
 */
static void test_ordinary(void)
{
	struct rules rules;
	struct rules_error err;

	kit_rules(&rules, "allow to any", &err);
	for (const struct disguise *d = disguises; d < disguises + N_DISGUISES; d++) {
		unsigned shut = 0, reported = 0;

		for (unsigned i = 0; i < some(N_RANGES * MEMBERS); i++) {
			uint32_t v4 = 32 + dice() % 30;
			union endpoint addr;

			for (unsigned k = 0; k < 3; k++)
				v4 = v4 << 8 | (dice() % 4 ? dice() % 100 : 0);
			addr = disguised(d, v4, false);
			if (decide(&rules, &addr) != RULES_ALLOW)
				shut += complain(d, &addr);
			if (special(&addr))
				reported += complain(d, &addr);
		}
		is_int(shut, 0, "%s: no ordinary address is closed", d->name);
		is_int(reported, 0, "%s: no ordinary address is called special", d->name);
	}
	rules_free(&rules);
}

static bool is_special4(uint32_t v4)
{
	for (unsigned i = 0; i < N_RANGES - 2; i++)
		if (special_ranges[i].first <= v4 && v4 <= special_ranges[i].last)
			return true;
	return false;
}

/* Returns the IPv4 address that this form has in these bytes. */
static uint32_t read_by(const struct disguise *d, const uint8_t *bytes)
{
	uint32_t v4 = 0;

	for (unsigned i = 0; i < 4; i++)
		v4 = v4 << 8 | bytes[d->at[i]];
	return v4;
}

/* Makes another address of this NET: its free bits are noise, or a special address (form d). */
static void vary(const struct disguise *d, const uint8_t *net, unsigned bits, uint8_t *ret)
{
	uint8_t other[16];
	unsigned range = dice() % N_RANGES;

	for (unsigned i = 0; i < 16; i++)
		other[i] = dice() % 3 ? (uint8_t)dice() : 0;
	for (unsigned i = 0; i < 4 && d; i++)
		other[d->at[i]] = (uint8_t)(special_ranges[range].first >> (24 - 8 * i));
	for (unsigned i = 0; i < 16; i++) {
		unsigned fixed = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t mask = (uint8_t)(fixed >= 8 ? 255 : ~(255U >> fixed));

		ret[i] = (uint8_t)((net[i] & mask) | (other[i] & ~mask));
	}
}

/* A NET opens a special address only if, by each form, all of the NET is special or none of it. */
static void test_nets(void)
{
	const struct disguise *local = disguises + 4;
	unsigned named = 0, wrong = 0;

	for (unsigned i = 0; i < some(20000); i++) {
		const struct disguise *d = &local[dice() % 4];
		union endpoint addr =
			disguised(d, special_ranges[dice() % N_RANGES].first, dice() % 2);
		uint8_t net[16], bytes[16];
		char rule[100] = "allow to ", text[ADDR_TEXT_MAX];
		unsigned bits = 48 + dice() % 80, yes[4] = { 0 }, no[4] = { 0 };
		struct rules rules;
		struct rules_error err;
		bool opens = false;

		memcpy(bytes, &addr.in6.sin6_addr, 16);
		memset(net, 0, 16);
		vary(NULL, bytes, 128, net);
		addr_format_host(&addr, text);
		snprintf(rule, sizeof(rule), "allow to %s/%u", text, bits);
		if (kit_rules(&rules, rule, &err) != 0) {
			ok(false, "the rule is read: %s", rule);
			continue;
		}
		for (unsigned k = 0; k < 40; k++) {
			vary(k % 5 < 4 ? &local[k % 5] : NULL, net, bits, bytes);
			addr_set_ipv6(&addr, bytes, 80);
			opens |= special(&addr) && decide(&rules, &addr) == RULES_ALLOW;
			for (unsigned n = 0; n < 4; n++)
				*(is_special4(read_by(&local[n], bytes)) ? &yes[n] : &no[n]) += 1;
		}
		named += opens;
		for (unsigned n = 0; n < 4 && opens; n++)
			if (yes[n] && no[n]) {
				printf("# %s is open, but by %s it is not all special\n", rule,
				       local[n].name);
				wrong++;
			}
		rules_free(&rules);
	}
	is_int(wrong, 0, "no NET opens a special address that it may not mean");
	ok(named > 100, "%u NETs name something special", named);
}

int main(void)
{
	test_special();
	test_ordinary();
	test_nets();
	return done_testing();
}

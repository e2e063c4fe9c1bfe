/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses: their kinds, when two are the same, and the IPv4 addresses inside IPv6 ones. */
#include <arpa/inet.h>

#include "wire/addr.h"

#include "tap.h"

static union endpoint nowhere = { .sa.sa_family = AF_UNSPEC };

/* "" gives AF_UNSPEC. A mapped address stays mapped. */
static union endpoint endpoint(const char *host, uint16_t port)
{
	union endpoint e = nowhere;
	uint8_t bytes[16];

	if (inet_pton(AF_INET, host, bytes) == 1)
		addr_set_ipv4(&e, bytes, port);
	else if (inet_pton(AF_INET6, host, bytes) == 1)
		addr_set_ipv6(&e, bytes, port);
	return e;
}

/* Whatever stood there before is gone: no scope, no flow label. */
static void test_set(void)
{
	static const uint8_t bytes[16] = { 0xfe, 0x80, [15] = 1 };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(443) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(443) };
	union endpoint e;

	memcpy(&in.sin_addr, bytes, 4);
	memset(&e, 0xa5, sizeof(e));
	addr_set_ipv4(&e, bytes, 443);
	ok(!memcmp(&e.in, &in, sizeof(in)), "IPv4: only address and port are set, the rest is 0");
	memcpy(&in6.sin6_addr, bytes, 16);
	memset(&e, 0xa5, sizeof(e));
	addr_set_ipv6(&e, bytes, 443);
	ok(!memcmp(&e.in6, &in6, sizeof(in6)),
	   "IPv6: only address and port are set, the rest is 0");
}

static void test_kinds(void)
{
	static const struct {
		const char *host, *unmapped;
		bool loopback, unspecified;
	} kinds[] = {
		{ "127.0.0.0", "127.0.0.0", true, false },
		{ "127.255.255.255", "127.255.255.255", true, false },
		{ "126.255.255.255", "126.255.255.255", false, false },
		{ "128.0.0.0", "128.0.0.0", false, false },
		{ "0.0.0.0", "0.0.0.0", false, true },
		{ "0.0.0.1", "0.0.0.1", false, false },
		{ "::", "::", false, true },
		{ "::1", "::1", true, false },
		{ "::2", "::2", false, false },
		{ "1::1", "1::1", false, false },
		{ "::ffff:127.0.0.1", "127.0.0.1", false, false },
		{ "::fffe:127.0.0.1", "::fffe:7f00:1", false, false },
		{ "", "", false, false },
	};
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *host = kinds[i].host;
		union endpoint e = endpoint(host, 80);

		is_int(addr_is_loopback(&e), kinds[i].loopback, "\"%s\": loopback", host);
		is_int(addr_is_unspecified(&e), kinds[i].unspecified, "\"%s\": unspecified", host);
		addr_unmap(&e);
		addr_format_host(&e, text);
		is_str(text, kinds[i].unmapped, "\"%s\": unmapped", host);
		is_int(addr_port(&e), *host ? 80 : 0, "\"%s\": with its port", host);
		is_int(addr_len(&e),
		       !*host		 ? 0 :
		       strchr(text, ':') ? sizeof(e.in6) :
					   sizeof(e.in),
		       "\"%s\": length", host);
		addr_set_port(&e, 65535);
		is_int(addr_port(&e), *host ? 65535 : 0, "\"%s\": with another port", host);
	}
}

static void test_same(void)
{
	static const char *const hosts[] = { "192.0.2.7", "192.0.2.8", "2001:db8::1",
					     "2001:db8::2" };
	union endpoint a, b;

	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < 4; k++) {
			a = endpoint(hosts[i], 1);
			b = endpoint(hosts[k], 1);
			is_int(addr_same_host(&a, &b), i == k, "%s and %s are one host, or not",
			       hosts[i], hosts[k]);
			is_int(addr_same(&a, &b), i == k, "%s and %s are one endpoint, or not",
			       hosts[i], hosts[k]);
			addr_set_port(&b, 2);
			is_int(addr_same_host(&a, &b), i == k,
			       "the port makes no difference to the host");
			ok(!addr_same(&a, &b), "another port is another endpoint");
		}
	}
	a = b = endpoint("fe80::1", 1);
	b.in6.sin6_scope_id = 2;
	ok(!addr_same_host(&a, &b) && !addr_same(&a, &b), "another scope is another host");
	b = endpoint("192.0.2.7", 1);
	a = endpoint("::ffff:192.0.2.7", 1);
	ok(!addr_same_host(&a, &b),
	   "a mapped address differs from the IPv4 one until it is unmapped");
	ok(!addr_same_host(&nowhere, &nowhere) && !addr_same(&nowhere, &nowhere),
	   "no address is the same as none, not even as itself");
}

static void test_embedded(void)
{
	static const struct {
		const char *host, *want; /* each address, the bit where it begins, ? for a guess */
	} forms[] = {
		{ "::ffff:192.0.2.7", "192.0.2.7@96" },
		{ "::ffff:0.0.0.0", "0.0.0.0@96" },
		{ "::192.0.2.7", "192.0.2.7@96" },
		{ "::2", "0.0.0.2@96" },
		{ "::ffff:0:192.0.2.7", "192.0.2.7@96" },
		{ "::fffe:0:192.0.2.7", "" },
		{ "::ffff:1:192.0.2.7", "" },
		{ "64:ff9b::127.0.0.1", "127.0.0.1@96" },
		{ "64:ff9b:0:0:0:1::", "" },
		{ "64:ff9c::1", "" },
		{ "64:ff9b:1::192.0.2.7", "0.0.0.0@48? 0.0.0.0@56? 0.0.0.192@72? 192.0.2.7@96?" },
		{ "64:ff9b:1:c000:2:700::", "192.0.2.7@48? 0.2.7.0@56? 2.7.0.0@72? 0.0.0.0@96?" },
		{ "64:ff9b:1:102:ff03:405:607:809",
		  "1.2.3.4@48? 2.3.4.5@56? 3.4.5.6@72? 6.7.8.9@96?" },
		{ "64:ff9b:1::5efe:192.0.2.7",
		  "0.0.0.94@48? 0.0.94.254@56? 0.94.254.192@72? 192.0.2.7@96? 192.0.2.7@96" },
		{ "64:ff9b:2::192.0.2.7", "" },
		{ "2002:c000:207::1", "192.0.2.7@16" },
		{ "2002:7f00:1:ffff:ffff:ffff:ffff:ffff", "127.0.0.1@16" },
		{ "2002:808:808::5efe:127.0.0.1", "8.8.8.8@16 127.0.0.1@96" },
		{ "2003:c000:207::1", "" },
		{ "2001:0:4136:e378:8000:63bf:80ff:fffe", "127.0.0.1@96" },
		{ "2001::200:5efe:80ff:fffe", "127.0.0.1@96 128.255.255.254@96" },
		{ "2001:1::1", "" },
		{ "fe80::5efe:127.0.0.1", "127.0.0.1@96" },
		{ "2001:db8::200:5efe:192.0.2.7", "192.0.2.7@96" },
		{ "2001:db8::100:5efe:192.0.2.7", "" },
		{ "2001:db8::5eff:192.0.2.7", "" },
		{ "::", "" },
		{ "::1", "" },
		{ "2001:db8::1", "" },
		{ "192.0.2.7", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct addr_embedded found[ADDR_EMBEDDED_MAX + 1];
		union endpoint e = endpoint(forms[i].host, 443);
		char text[200] = "";
		size_t len = 0;
		unsigned n;

		memset(found, 0xa5, sizeof(found));
		n = addr_embedded_ipv4(&e, found);
		ok(n <= ADDR_EMBEDDED_MAX,
		   "\"%s\": no more addresses inside than there is room for", forms[i].host);
		for (unsigned k = 0; k < n; k++)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%s%u.%u.%u.%u@%u%s", k ? " " : "",
						found[k].v4 >> 24, found[k].v4 >> 16 & 255,
						found[k].v4 >> 8 & 255, found[k].v4 & 255,
						found[k].bit, found[k].guess ? "?" : "");
		is_str(text, forms[i].want, "  the right ones");
		is_int(((uint8_t *)&found[n])[0], 0xa5, "  nothing is written behind them");
	}
}

static void test_known(void)
{
	static const struct {
		struct addr_embedded embedded;
		unsigned bits, known;
	} cases[] = {
		{ { .bit = 96 }, 0, 0 },
		{ { .bit = 96 }, 96, 0 },
		{ { .bit = 96 }, 97, 1 },
		{ { .bit = 96 }, 128, 32 },
		{ { .bit = 16 }, 15, 0 },
		{ { .bit = 16 }, 40, 24 },
		{ { .bit = 16 }, 128, 32 },
		{ { .bit = 48, .guess = true }, 48, 0 },
		{ { .bit = 48, .guess = true }, 64, 16 },
		{ { .bit = 48, .guess = true }, 68, 16 },
		{ { .bit = 48, .guess = true }, 72, 16 },
		{ { .bit = 48, .guess = true }, 73, 17 },
		{ { .bit = 48, .guess = true }, 88, 32 },
		{ { .bit = 48, .guess = true }, 89, 32 },
		{ { .bit = 56, .guess = true }, 64, 8 },
		{ { .bit = 56, .guess = true }, 95, 31 },
		{ { .bit = 56, .guess = true }, 96, 32 },
		{ { .bit = 72, .guess = true }, 72, 0 },
		{ { .bit = 72, .guess = true }, 104, 32 },
		{ { .bit = 96, .guess = true }, 104, 8 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(addr_embedded_known(&cases[i].embedded, cases[i].bits), cases[i].known,
		       "of an address at bit %u: the bits in a /%u", cases[i].embedded.bit,
		       cases[i].bits);
}

int main(void)
{
	test_set();
	test_kinds();
	test_same();
	test_embedded();
	test_known();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses: what they are, whom they equal, and what they carry. */
#include <arpa/inet.h>

#include "wire/addr.h"

#include "tap.h"

static union endpoint nowhere = {.sa.sa_family = AF_UNSPEC};

/* "" is no address; a mapped one stays mapped. */
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

/* Over whatever stood there: no scope, no flow. */
static void test_set(void)
{
	static const uint8_t bytes[16] = {0xfe, 0x80, [15] = 1};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(443)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
	union endpoint e;

	memcpy(&in.sin_addr, bytes, 4);
	memset(&e, 0xa5, sizeof e);
	addr_set_ipv4(&e, bytes, 443);
	ok(!memcmp(&e.in, &in, sizeof in), "IPv4: nothing but address and port");
	memcpy(&in6.sin6_addr, bytes, 16);
	memset(&e, 0xa5, sizeof e);
	addr_set_ipv6(&e, bytes, 443);
	ok(!memcmp(&e.in6, &in6, sizeof in6), "IPv6: nothing but address and port");
}

static void test_kinds(void)
{
	static const struct {
		const char *host, *unmapped;
		bool loopback, unspecified;
	} kinds[] = {
		{"127.0.0.0", "127.0.0.0", true, false},
		{"127.255.255.255", "127.255.255.255", true, false},
		{"126.255.255.255", "126.255.255.255", false, false},
		{"128.0.0.0", "128.0.0.0", false, false},
		{"0.0.0.0", "0.0.0.0", false, true},
		{"0.0.0.1", "0.0.0.1", false, false},
		{"::", "::", false, true},
		{"::1", "::1", true, false},
		{"::2", "::2", false, false},
		{"1::1", "1::1", false, false},
		{"::ffff:127.0.0.1", "127.0.0.1", false, false},
		{"::fffe:127.0.0.1", "::fffe:7f00:1", false, false},
		{"", "", false, false},
	};
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *host = kinds[i].host;
		union endpoint e = endpoint(host, 80);

		is_int(addr_is_loopback(&e), kinds[i].loopback, "\"%s\": loopback", host);
		is_int(addr_is_unspecified(&e), kinds[i].unspecified, "\"%s\": unspecified", host);
		addr_unmap(&e);
		addr_format_host(&e, text);
		is_str(text, kinds[i].unmapped, "\"%s\": unmapped", host);
		is_int(addr_port(&e), *host ? 80 : 0, "\"%s\": with its port", host);
		is_int(addr_len(&e),
			!*host		    ? 0
			: strchr(text, ':') ? sizeof e.in6
					    : sizeof e.in,
			"\"%s\": length", host);
		addr_set_port(&e, 65535);
		is_int(addr_port(&e), *host ? 65535 : 0, "\"%s\": with another port", host);
	}
}

static void test_same(void)
{
	static const char *const hosts[] = {"192.0.2.7", "192.0.2.8", "2001:db8::1", "2001:db8::2"};
	union endpoint a, b;

	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < 4; k++) {
			a = endpoint(hosts[i], 1);
			b = endpoint(hosts[k], 1);
			is_int(addr_same_host(&a, &b), i == k, "hosts %s, %s", hosts[i], hosts[k]);
			is_int(addr_same(&a, &b), i == k, "%s, %s", hosts[i], hosts[k]);
			addr_set_port(&b, 2);
			is_int(addr_same_host(&a, &b), i == k, "hosts, whatever the port");
			ok(!addr_same(&a, &b), "other ports");
		}
	}
	a = b = endpoint("fe80::1", 1);
	b.in6.sin6_scope_id = 2;
	ok(!addr_same_host(&a, &b) && !addr_same(&a, &b), "scopes count");
	b = endpoint("192.0.2.7", 1);
	a = endpoint("::ffff:192.0.2.7", 1);
	ok(!addr_same_host(&a, &b), "a mapped address is another until it is unmapped");
	ok(!addr_same_host(&nowhere, &nowhere) && !addr_same(&nowhere, &nowhere),
		"nowhere is nowhere");
}

static void test_embedded(void)
{
	static const struct {
		const char *host, *want; /* "" for none */
	} forms[] = {
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"::192.0.2.7", "192.0.2.7"},
		{"::2", "0.0.0.2"},
		{"64:ff9b::127.0.0.1", "127.0.0.1"},
		{"64:ff9b:0:0:0:1::", ""},
		{"64:ff9c::1", ""},
		{"2002:c000:207::1", "192.0.2.7"},
		{"2002:7f00:1:ffff:ffff:ffff:ffff:ffff", "127.0.0.1"},
		{"2003:c000:207::1", ""},
		{"2001:0:4136:e378:8000:63bf:80ff:fffe", "127.0.0.1"},
		{"2001:1::1", ""},
		{"fe80::5efe:127.0.0.1", "127.0.0.1"},
		{"2001:db8::200:5efe:192.0.2.7", "192.0.2.7"},
		{"2001:db8::100:5efe:192.0.2.7", ""},
		{"2001:db8::5eff:192.0.2.7", ""},
		{"::", ""},
		{"::1", ""},
		{"2001:db8::1", ""},
		{"192.0.2.7", ""},
		{"", ""},
		{"::ffff:0:192.0.2.7", ""},
		{"::ffff:0.0.0.0", "0.0.0.0"},
	};
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		union endpoint e = endpoint(forms[i].host, 443), got, fill;

		memset(&fill, 0xa5, sizeof fill);
		got = fill;
		is_int(addr_embedded_ipv4(&e, &got), *forms[i].want != '\0', "in \"%s\"",
			forms[i].host);
		if (!*forms[i].want) {
			ok(!memcmp(&got, &fill, sizeof got), "in \"%s\": untouched", forms[i].host);
			continue;
		}
		addr_format_host(&got, text);
		is_str(text, forms[i].want, "in \"%s\": which", forms[i].host);
		is_int(addr_port(&got), 443, "in \"%s\": port", forms[i].host);
	}
}

int main(void)
{
	test_set();
	test_kinds();
	test_same();
	test_embedded();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses and ports as text: what is read, and what is written, compared with libc. */
#include <arpa/inet.h>
#include <errno.h>

#include "wire/addr.h"

#include "tap.h"

static void test_parse(void)
{
	static const struct {
		const char *text, *want;
	} good[] = {
		{ "192.0.2.7", "192.0.2.7" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "[::1]", "::1" },
		{ "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
		{ "[2001:db8::1]", "2001:db8::1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "1:0:0:2:0:0:0:3", "1:0:0:2::3" },
		{ "1:0:0:2:3:0:0:4", "1::2:3:0:0:4" },
		{ "0:0:1:0:0:1:0:0", "::1:0:0:1:0:0" },
		{ "0:0:0:1:2:0:0:0", "::1:2:0:0:0" },
		{ "1:2:0:0:3:4:0:0", "1:2::3:4:0:0" },
		{ "1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0" },
		{ "1:2:3:4:5:6:0:0", "1:2:3:4:5:6::" },
		{ "::ffff:192.0.2.7", "192.0.2.7" },
		{ "[::ffff:c000:207]", "192.0.2.7" },
		{ "::ffff:0:0", "0.0.0.0" },
		{ "64:ff9b::192.0.2.7", "64:ff9b::c000:207" },
		{ "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]",
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	/* clang-format off */
	static const char *const bad[] = {
		"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.4.",
		".1.2.3.4", "1..2.3", "0x1.2.3.4", "+1.2.3.4", " 1.2.3.4", "1.2.3.4 ",
		"1.2.3.4:80", "[1.2.3.4]", "[]", "[", "]", "[::1", "::1]", "[[::1]]", "[::1]]",
		"[::1]:80", "[::1] ", ":", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9", "fe80::1%lo", "[fe80::1%1]", "::ffff:1.2.3", "::1.2.3.4:1",
		"::g", "localhost", "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255:]",
		"[0000000000000000000000000000000000000000000000000000000000000000000000000001::]",
	};
	/* clang-format on */
	char text[ADDR_TEXT_MAX];
	union endpoint e, fill;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		memset(&e, 0xa5, sizeof(e));
		if (!is_int(addr_parse(good[i].text, &e), 0, "parse %s", good[i].text))
			continue;
		addr_format_host(&e, text);
		is_str(text, good[i].want, "parse %s: the right address", good[i].text);
		is_int(addr_port(&e), 0, "parse %s: the port is 0", good[i].text);
	}
	memset(&fill, 0xa5, sizeof(fill));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		e = fill;
		is_int(addr_parse(bad[i], &e), -EINVAL, "parse \"%s\": refused", bad[i]);
		ok(!memcmp(&e, &fill, sizeof(e)), "parse \"%s\": the result is untouched", bad[i]);
	}
}

static void test_port(void)
{
	static const struct {
		const char *text;
		int want; /* negative: not a port */
	} ports[] = {
		{ "0", 0 },	      { "80", 80 },
		{ "0080", 80 },	      { "65535", 65535 },
		{ "56789", 56789 },   { "000000000000000000443", 443 },
		{ "65536", -1 },      { "99999999999999999999", -1 },
		{ "4294967376", -1 }, { "", -1 },
		{ "-1", -1 },	      { "+80", -1 },
		{ " 80", -1 },	      { "80 ", -1 },
		{ "0x50", -1 },	      { "8O", -1 },
		{ "80/", -1 },	      { "80:", -1 },
	};

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		uint16_t port = 0xa5a5;
		int r = addr_parse_port(ports[i].text, &port);

		is_int(r, ports[i].want < 0 ? -EINVAL : 0, "port \"%s\": accepted, or refused",
		       ports[i].text);
		is_int(port, ports[i].want < 0 ? 0xa5a5 : ports[i].want, "port \"%s\": value",
		       ports[i].text);
	}
}

/* Formats an address both ways. True if inet_ntop() agrees and the text parses back. */
static bool formats(const union endpoint *e, char *text)
{
	char host[INET6_ADDRSTRLEN], whole[ADDR_TEXT_MAX + 16], got[ADDR_TEXT_MAX];
	bool v6 = e->sa.sa_family == AF_INET6;
	union endpoint again, want = *e;

	inet_ntop(e->sa.sa_family, v6 ? (const void *)&e->in6.sin6_addr : &e->in.sin_addr, host,
		  sizeof(host));
	snprintf(whole, sizeof(whole), v6 ? "[%s]:%u" : "%s:%u", host, addr_port(e));
	if (addr_format_host(e, text) != strlen(host) || strcmp(text, host) != 0)
		return false;
	if (addr_format(e, got) != strlen(whole) || strcmp(got, whole) != 0)
		return false;
	addr_unmap(&want);
	return addr_parse(text, &again) == 0 && addr_same_host(&again, &want);
}

/* True if two or more runs of zero groups are the longest, so that the first is shortened. */
static bool is_tie(unsigned mask)
{
	unsigned longest = 0, times = 0, run = 0;

	for (unsigned i = 0; i < 8; i++) {
		run = mask & 1u << i ? 0 : run + 1;
		if (run > longest)
			times = 0;
		if (run >= longest) {
			longest = run;
			times++;
		}
	}
	return longest > 1 && times > 1;
}

/* Zero groups in every pattern, and between them values of every length. */
static void test_format_ipv6(void)
{
	static const uint8_t values[][2] = { { 0, 1 }, { 0, 0xab }, { 0x0f, 0 }, { 0xff, 0xff } };
	char text[ADDR_TEXT_MAX] = "";
	bool good = true;

	for (unsigned mask = 0; mask < 256 && good; mask++) {
		for (unsigned v = 0; v < 4 && good; v++) {
			uint8_t bytes[16] = { 0 };
			union endpoint e;

			for (unsigned i = 0; i < 8; i++)
				if (mask & 1u << i)
					memcpy(bytes + 2 * i, values[(v + i * (v & 1)) % 4], 2);
			/* libcs differ about ties and ::/96: these have vectors. */
			if (is_tie(mask) || (mask && !(mask & 0x3f)))
				continue;
			addr_set_ipv6(&e, bytes, (uint16_t)(mask * 257));
			good = formats(&e, text);
		}
	}
	ok(good, "IPv6: zeros in every pattern are written as libc writes them (%s)", text);
}

static void test_format(void)
{
	char text[ADDR_TEXT_MAX] = "",
	     longest[] = "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535";
	static const uint8_t mapped[16] = { [10] = 0xff, 0xff, 192, 0, 2, 7 };
	static const uint8_t compatible[16] = { [12] = 192, 0, 2, 7 };
	union endpoint e, nowhere = { .sa.sa_family = AF_UNSPEC };
	bool good = true;

	for (unsigned i = 0; i < 1024 && good; i++) {
		uint8_t bytes[4] = { 9, 10, 99, 100 };

		bytes[i % 4] = (uint8_t)(i / 4);
		addr_set_ipv4(&e, bytes, (uint16_t)(i * 64));
		good = formats(&e, text);
	}
	ok(good, "IPv4: every byte in every place is written as libc writes it (%s)", text);
	test_format_ipv6();
	addr_set_ipv6(&e, mapped, 443);
	ok(formats(&e, text), "IPv6: a mapped address is written as libc writes it (%s)", text);
	addr_set_ipv6(&e, compatible, 443);
	is_int(addr_format_host(&e, text), 10, "IPv6: the length of a compatible address");
	is_str(text, "::c000:207", "IPv6: a compatible address is written like any other");
	is_int(addr_format(&nowhere, text), 0, "no address: the length is 0");
	is_str(text, "", "no address: the text is empty");
	is_int(addr_format_host(&nowhere, text), 0, "no address: the host's length is 0");
	ok(sizeof(longest) <= ADDR_TEXT_MAX, "ADDR_TEXT_MAX is enough for the longest address");
}

int main(void)
{
	test_parse();
	test_port();
	test_format();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How names are judged: address literals, names to look up, and what must never be looked up. */
#include <arpa/inet.h>
#include <errno.h>

#include "wire/addr.h"

#include "tap.h"
#include "guard.h"

/* Judges bytes that end at a guard page. *ret is filled with a pattern first. */
static int judge(const void *bytes, size_t len, struct dest *ret)
{
	memset(ret, 0xa5, sizeof(*ret));
	return addr_from_name(guard_copy(bytes, len), len, 443, ret);
}

static bool untouched(const struct dest *d)
{
	struct dest fill;

	memset(&fill, 0xa5, sizeof(fill));
	return memcmp(d, &fill, sizeof(fill)) == 0;
}

static void is_name(const char *name)
{
	struct dest d;
	struct in_addr number;

	if (!is_int(judge(name, strlen(name), &d), 0, "\"%s\": accepted", name))
		return;
	is_str(d.name, name, "\"%s\": kept as a name, unchanged", name);
	is_int(d.addr.sa.sa_family, AF_UNSPEC, "\"%s\": has no address", name);
	is_int(d.port, 443, "\"%s\": keeps its port", name);
	ok(!inet_aton(name, &number), "\"%s\": libc does not read it as a number", name);
}

static void is_literal(const char *name, const char *want)
{
	struct dest d;
	char text[ADDR_TEXT_MAX];

	if (!is_int(judge(name, strlen(name), &d), 0, "\"%s\": accepted", name))
		return;
	addr_format(&d.addr, text);
	is_str(text, want, "\"%s\": is an address", name);
	is_str(d.name, "", "\"%s\": is no name", name);
	is_int(d.port, 443, "\"%s\": keeps its port", name);
}

static void is_refused(const void *bytes, size_t len, int want, const char *name)
{
	struct dest d;

	is_int(judge(bytes, len, &d), want, "refused: %s", name);
	ok(untouched(&d), "refused: %s: the result is untouched", name);
}

static void test_names(void)
{
	/* clang-format off */
	static const char *const names[] = {
		"example.com", "example.com.", "localhost", "EXAMPLE.Com", "a",
		"_srv._tcp.example", "a_b", "-x-", "xn--bcher-kva.example", "1.2.3.4.example",
		"4.3.2.1.in-addr.arpa", "127.1.x", "3com", "0x7g", "0xg", "x0x7f", "0y7f.1", "1e3",
		"deadbeef", "0-1", "1_1", "1.2.3.4x", "123-456", "7f.0.0.1",
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		is_name(names[i]);
}

static void test_literals(void)
{
	static const char *const literals[][2] = {
		{ "192.0.2.7", "192.0.2.7:443" },
		{ "0.0.0.0", "0.0.0.0:443" },
		{ "::1", "[::1]:443" },
		{ "[::1]", "[::1]:443" },
		{ "2001:DB8::1", "[2001:db8::1]:443" },
		{ "::ffff:127.0.0.1", "127.0.0.1:443" },
		{ "[::ffff:7f00:1]", "127.0.0.1:443" },
		{ "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]",
		  "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:443" },
	};

	for (size_t i = 0; i < sizeof(literals) / sizeof(*literals); i++)
		is_literal(literals[i][0], literals[i][1]);
}

static void test_refused(void)
{
	/* clang-format off */
	static const char *const refused[] = {
		"127.1", "127.0.1", "0x7f.1", "0X7F.0.0.1", "2130706433", "0xa.0xF", "0XA1",
		"017700000001", "0", "0x0", "0x", "127.0.0.01", "0177.0.0.1",
		"127.0.0.1.", "127.1.", "0x7f000001.", "1.2.3.4.5", "256.1.1.1",
		"99999999999999999999", "08.8.8.8", "fe80::1%lo",
		"fe80::1%1", "[fe80::1%lo]", "::1%lo", "[::1", "::1]", "[1.2.3.4]",
		"[example.com]", "[]", "[::1].", "::1.", ".", "..", ".example.com", "a..b",
		"example.com..", "a b", " a", "a ", "127.0.0.1 x", "a/b", "a:80", "user@host",
		"a%b", "a,b", "a*b", "*", "+1", "-1.2 ",
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		is_refused(refused[i], strlen(refused[i]), -ENOENT, refused[i]);
	is_refused("", 0, -EINVAL, "nothing");
	is_refused("\0", 1, -EINVAL, "a NUL");
	is_refused("127.0.0.1\0", 10, -EINVAL, "a NUL at the end");
	is_refused("\0example.com", 12, -EINVAL, "a NUL at the start");
	is_refused("example\0.com", 12, -EINVAL, "a NUL in the middle");
}

/* Each byte alone between two letters. */
static void test_bytes(void)
{
	static const char host[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	unsigned wrong = 0;

	for (int c = 0; c < 256; c++) {
		uint8_t name[3] = { 'a', (uint8_t)c, 'b' };
		int want = c == 0 ? -EINVAL : strchr(host, c) ? 0 : -ENOENT;
		struct dest d;
		int r = judge(name, 3, &d);

		wrong += r != want || (r != 0 && !untouched(&d));
	}
	is_int(wrong, 0, "every byte is accepted or refused as it should be");
}

static void test_lengths(void)
{
	char name[600];
	struct dest d;

	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 50 == 49 ? '.' : 'a';
	name[253] = '.';
	if (is_int(judge(name, 253, &d), 0, "253 bytes: accepted"))
		is_mem(d.name, strlen(d.name), name, 253, "253 bytes: kept whole");
	if (is_int(judge(name, 254, &d), 0, "253 bytes and a final dot: accepted"))
		is_mem(d.name, strlen(d.name), name, 254, "253 bytes and a final dot: kept whole");
	name[253] = 'a';
	is_refused(name, 254, -ENOENT, "254 bytes");
	name[254] = '.';
	is_refused(name, 255, -ENOENT, "254 bytes and a final dot");
	is_refused(name, 256, -ENOENT, "256 bytes");
	is_refused(name, 600, -ENOENT, "600 bytes");
	name[599] = '\0';
	is_refused(name, 600, -EINVAL, "600 bytes, the last a NUL");
}

int main(void)
{
	test_names();
	test_literals();
	test_refused();
	test_bytes();
	test_lengths();
	return done_testing();
}

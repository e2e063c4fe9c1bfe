/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PROXY headers of both versions: vectors with all their prefixes and splits, and the limits. */
#include <errno.h>

#include "wire/proxyhdr.h"

#include "tap.h"
#include "decoder.h"

#define SIG    "\r\n\r\n\0\r\nQUIT\n"
#define V4     "\xc0\0\2\7\xc6\x33\x64\x09\xd4\x31\0\x50"
#define IPV6   "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"
#define MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff"

DECODER(proxyhdr);

static const struct {
	const char *bytes;
	size_t len, at;
	bool local;
	const char *src, *dst;
	size_t skip;
} legal[] = {
	{ BYTES("PROXY TCP4 192.0.2.7 198.51.100.9 54321 80\r\n\5\1\0"), 44, false,
	  "192.0.2.7:54321", "198.51.100.9:80", 0 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n"), 32, false, "1.1.1.1:1", "1.1.1.1:1", 0 },
	{ BYTES("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), 56, false,
	  "255.255.255.255:65535", "255.255.255.255:65535", 0 },
	{ BYTES("PROXY TCP4 1.2.3.4 1.2.3.4 0 0\r\n"), 32, false, "1.2.3.4:0", "1.2.3.4:0", 0 },
	{ BYTES("PROXY TCP6 2001:db8::1 2001:db8::2 54321 443\r\n"), 46, false,
	  "[2001:db8::1]:54321", "[2001:db8::2]:443", 0 },
	{ BYTES("PROXY TCP6 ::1 :: 1 2\r\n"), 23, false, "[::1]:1", "[::]:2", 0 },
	{ BYTES("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.9 1 2\r\n"), 53, false,
	  "192.0.2.7:1", "198.51.100.9:2", 0 },
	{ BYTES("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"),
	  104, false, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
	  "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", 0 },
	{ BYTES("PROXY UNKNOWN\r\n\5\1\0"), 15, true, "", "", 0 },
	{ BYTES("PROXY UNKNOWN whatever 1 2 3\r\n"), 30, true, "", "", 0 },
	{ BYTES(SIG "\x21\x11\0\x0c" V4 "\5\1\0"), 28, false, "192.0.2.7:54321", "198.51.100.9:80",
	  0 },
	{ BYTES(SIG "\x21\x11\0\x0f" V4 "\4\0\0"), 28, false, "192.0.2.7:54321", "198.51.100.9:80",
	  3 },
	{ BYTES(SIG "\x21\x21\0\x24" IPV6 "\1" IPV6 "\2\xd4\x31\1\xbb\4"), 52, false,
	  "[2001:db8::1]:54321", "[2001:db8::2]:443", 0 },
	{ BYTES(SIG "\x21\x21\xff\xff" MAPPED "\xc0\0\2\7" MAPPED "\xc6\x33\x64\x09\xd4\x31\1\xbb"),
	  52, false, "192.0.2.7:54321", "198.51.100.9:443", 65499 },
	{ BYTES(SIG "\x20\0\0\0\5\1\0"), 16, true, "", "", 0 },
	{ BYTES(SIG "\x20\x11\0\x0c" V4), 16, true, "", "", 12 },
	{ BYTES(SIG "\x20\xff\1\0"), 16, true, "", "", 256 },
	{ BYTES(SIG "\x21\0\0\0"), 16, true, "", "", 0 },
	{ BYTES(SIG "\x21\x01\0\7\4\0\4abcd"), 16, true, "", "", 7 },
};

static const struct {
	const char *bytes;
	size_t len;
	int r;
	size_t at;
} others[] = {
	{ BYTES(""), 15, 0 },
	{ BYTES("P"), 14, 1 },
	{ BYTES("\r"), 15, 1 },
	{ BYTES("PROXY UNKNOWN\r"), 1, 14 },
	{ BYTES("PROXY TCP4 192.0"), 2, 16 },
	{ BYTES(SIG), 4, 12 },
	{ BYTES(SIG "\x21\x11\0\x0c"), 12, 16 },
	{ BYTES("\5\1\0"), -EPROTO, 1 },
	{ BYTES("POST / HTTP/1.0\r\n"), -EPROTO, 2 },
	{ BYTES("PROXY\tTCP4"), -EPROTO, 6 },
	{ BYTES("proxy TCP4"), -EPROTO, 1 },
	{ BYTES("\r\n\r\n\r"), -EPROTO, 5 },
	{ BYTES("\r\n\r\n\0\r\nQUIT\r"), -EPROTO, 12 },
	/* lines */
	{ BYTES("PROXY \r\n"), -EINVAL, 8 },
	{ BYTES("PROXY TCP4\r\n"), -EINVAL, 12 },
	{ BYTES("PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n"), -EINVAL, 32 },
	{ BYTES("PROXY UNKNOWN2\r\n"), -EINVAL, 16 },
	{ BYTES("PROXY  TCP4 1.1.1.1 1.1.1.1 1 1\r\n"), -EINVAL, 33 },
	{ BYTES("PROXY TCP4  1.1.1.1 1.1.1.1 1 1\r\n"), -EINVAL, 33 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1 \r\n"), -EINVAL, 33 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n"), -EINVAL, 30 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 \r\n"), -EINVAL, 31 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n"), -EINVAL, 34 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 65536\r\n"), -EINVAL, 36 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n"), -EINVAL, 33 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 +1 1\r\n"), -EINVAL, 33 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1 1 1\r\n"), -EINVAL, 30 },
	{ BYTES("PROXY TCP4 1.1.1.256 1.1.1.1 1 1\r\n"), -EINVAL, 34 },
	{ BYTES("PROXY TCP4 1.1.1.01 1.1.1.1 1 1\r\n"), -EINVAL, 33 },
	{ BYTES("PROXY TCP4 ::1 ::1 1 1\r\n"), -EINVAL, 24 },
	{ BYTES("PROXY TCP4 ::ffff:1.1.1.1 1.1.1.1 1 1\r\n"), -EINVAL, 39 },
	{ BYTES("PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n"), -EINVAL, 32 },
	{ BYTES("PROXY TCP6 [::1] ::1 1 1\r\n"), -EINVAL, 26 },
	{ BYTES("PROXY TCP6 fe80::1%lo ::1 1 1\r\n"), -EINVAL, 31 },
	{ BYTES("PROXY UNKNOWN\n"), -EINVAL, 14 },
	{ BYTES("PROXY UNKNOWN\r\r\n"), -EINVAL, 15 },
	{ BYTES("PROXY UNKNOWN \rx\r\n"), -EINVAL, 16 },
	{ BYTES("PROXY UNKNOWN\0\r\n"), -EINVAL, 16 },
	{ BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1\0 1\r\n"), -EINVAL, 35 },
	/* bytes */
	{ BYTES(SIG "\x11\x11\0\x0c" V4), -EINVAL, 13 },
	{ BYTES(SIG "\x22\x11\0\x0c" V4), -EINVAL, 13 },
	{ BYTES(SIG "\x2f\x11\0\x0c" V4), -EINVAL, 13 },
	{ BYTES(SIG "\x21\x11\0\x0b" V4), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x12\0\x0c" V4), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x10\0\x0c" V4), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x13\0\x0c" V4), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x02\0\0"), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x22\0\x24" IPV6 "\1" IPV6 "\2\0\0\0\0"), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x21\0\x23" IPV6 "\1" IPV6 "\2\0\0\0\0"), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x31\0\xd7"), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x32\0\xd8"), -EINVAL, 16 },
	{ BYTES(SIG "\x21\x41\0\x0c" V4), -EINVAL, 16 },
};

static void is_header(const struct proxyhdr *got, bool local, const char *src, const char *dst,
		      size_t skipped, const char *name)
{
	char text[ADDR_TEXT_MAX];

	is_int(got->local, local, "%s: local", name);
	addr_format(&got->src, text);
	is_str(text, src, "%s: the source", name);
	addr_format(&got->dst, text);
	is_str(text, dst, "%s: the destination", name);
	is_int(got->skip, skipped, "%s: bytes to skip", name);
}

static void test_vectors(void)
{
	struct verdict v;
	char name[32];

	for (size_t i = 0; i < sizeof(legal) / sizeof(*legal); i++) {
		snprintf(name, sizeof(name), "header %zu", i);
		if (decodes(&proxyhdr_decoder, legal[i].bytes, legal[i].len, 0, legal[i].at, name,
			    &v))
			is_header(v.value, legal[i].local, legal[i].src, legal[i].dst,
				  legal[i].skip, name);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		snprintf(name, sizeof(name), "no header %zu", i);
		decodes(&proxyhdr_decoder, others[i].bytes, others[i].len, others[i].r,
			others[i].at, name, &v);
	}
}

/* The path of either end fills 108 bytes. They are read, and have no meaning. */
static void test_unix(void)
{
	uint8_t m[PROXYHDR_MAX + 5] = SIG "\x21\x31\0\xdd/run/one";
	struct verdict v;

	if (decodes(&proxyhdr_decoder, m, sizeof(m), 0, PROXYHDR_MAX, "Unix sockets", &v))
		is_header(v.value, false, "", "", 5, "Unix sockets");
	decodes(&proxyhdr_decoder, m, PROXYHDR_MAX - 1, 1, PROXYHDR_MAX - 1, "Unix sockets, cut",
		&v);
}

static void test_longest_line(void)
{
	uint8_t m[128] = "PROXY UNKNOWN ";
	struct verdict v;

	memset(m + 14, 'x', sizeof(m) - 14);
	memcpy(m + 105, "\r\n", 2);
	decodes(&proxyhdr_decoder, m, sizeof(m), 0, 107, "a line of 107 bytes", &v);
	decodes(&proxyhdr_decoder, m, 106, 1, 106, "a line of 107 bytes, cut", &v);
	m[105] = 'x';
	memcpy(m + 106, "\r\n", 2);
	decodes(&proxyhdr_decoder, m, sizeof(m), -EMSGSIZE, 106, "a line of 108 bytes", &v);
	decodes(&proxyhdr_decoder, m, 105, 2, 105, "a line of 108 bytes, cut", &v);
}

int main(void)
{
	test_vectors();
	test_unix();
	test_longest_line();
	return done_testing();
}

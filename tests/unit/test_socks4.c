/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOCKS 4 and 4a: vectors with all their prefixes and splits, the limits, and the replies. */
#include <errno.h>

#include "wire/socks4.h"

#include "tap.h"
#include "decoder.h"

DECODER(socks4_request);

static const struct {
	const char *bytes;
	size_t len;
	int r;
	size_t at;
	const char *addr, *user, *name;
} vectors[] = {
	{ BYTES("\4\1\0\x50\xc0\0\2\7\0"), 0, 9, "192.0.2.7:80", "", "" },
	{ BYTES("\4\1\0\x50\xc0\0\2\7joe\0"), 0, 12, "192.0.2.7:80", "joe", "" },
	{ BYTES("\4\2\0\x50\xc0\0\2\7joe\0early"), 0, 12, "192.0.2.7:80", "joe", "" },
	{ BYTES("\4\2\xff\xff\0\0\0\0\0"), 0, 9, "0.0.0.0:65535", "", "" },
	{ BYTES("\4\1\1\xbb\0\0\0\1\0x.example\0"), 0, 19, "", "", "x.example" },
	{ BYTES("\4\1\1\xbb\0\0\0\xffjoe\0x.example\0\0"), 0, 22, "", "joe", "x.example" },
	{ BYTES("\4\xf0\0\0\0\0\0\1joe\0\0"), 0, 13, "", "joe", "" },
	{ BYTES("\4\1\0\x50\0\0\1\1joe\0"), 0, 12, "0.0.1.1:80", "joe", "" },
	{ BYTES("\4\1\0\x50\0\1\0\1\0"), 0, 9, "0.1.0.1:80", "", "" },
	{ BYTES("\4\1\0\x50\1\0\0\1\0"), 0, 9, "1.0.0.1:80", "", "" },
	{ BYTES("\4\1\0\x50\xc0\0\2\7joe"), 1, 11, "", "", "" },
	{ BYTES("\4\1\0\x50\0\0\0\7joe\0x"), 1, 13, "", "", "" },
	{ BYTES("\4"), 8, 1, "", "", "" },
	{ BYTES(""), 9, 0, "", "", "" },
	{ BYTES("\5\1\0"), -EPROTO, 1, "", "", "" },
	{ BYTES("\0\1\0\x50\xc0\0\2\7\0"), -EPROTO, 1, "", "", "" },
};

static void test_vectors(void)
{
	const struct socks4_request *got;
	char name[64], text[ADDR_TEXT_MAX];
	struct verdict v;

	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const uint8_t *bytes = (const uint8_t *)vectors[i].bytes;

		snprintf(name, sizeof(name), "request %zu", i);
		if (!decodes(&socks4_request_decoder, bytes, vectors[i].len, vectors[i].r,
			     vectors[i].at, name, &v) ||
		    v.r != 0)
			continue;
		got = v.value;
		is_int(got->cmd, bytes[1], "request %zu: command", i);
		is_int(got->port, bytes[2] << 8 | bytes[3], "request %zu: port", i);
		addr_format(&got->addr, text);
		is_str(text, vectors[i].addr, "request %zu: address", i);
		is_str(got->user, vectors[i].user, "request %zu: user", i);
		is_str(got->name, vectors[i].name, "request %zu: name", i);
		is_int(got->namelen, strlen(vectors[i].name), "request %zu: length of the name", i);
	}
}

/* User names and host names of 255 and 256 bytes. */
static void test_bounds(void)
{
	uint8_t m[SOCKS4_REQUEST_MAX + 8] = "\4\1\0\x50\0\0\0\1";
	const struct socks4_request *got;
	struct verdict v;

	memset(m + 8, 0xee, sizeof(m) - 8);
	m[8 + 255] = m[8 + 256 + 255] = '\0';
	is_int(8 + 256 + 256, SOCKS4_REQUEST_MAX, "the longest request");
	if (decodes(&socks4_request_decoder, m, sizeof(m), 0, SOCKS4_REQUEST_MAX,
		    "two texts of 255 bytes", &v)) {
		got = v.value;
		is_mem(got->user, strlen(got->user), m + 8, 255, "a user of 255 bytes");
		is_mem(got->name, got->namelen, m + 8 + 256, 255, "a name of 255 bytes");
	}
	m[8 + 256 + 255] = 0xee;
	decodes(&socks4_request_decoder, m, sizeof(m), -EMSGSIZE, SOCKS4_REQUEST_MAX,
		"a name of 256 bytes", &v);
	m[8 + 255] = 0xee;
	decodes(&socks4_request_decoder, m, sizeof(m), -EMSGSIZE, 8 + 256, "a user of 256 bytes",
		&v);
}

static void test_replies(void)
{
	union endpoint addr;
	uint8_t got[SOCKS4_REPLY_LEN];

	addr_parse("192.0.2.7", &addr);
	addr_set_port(&addr, 80);
	is_int(socks4_reply_encode(got, SOCKS4_GRANTED, &addr), 8, "a reply has 8 bytes");
	is_mem(got, 8, "\0\x5a\0\x50\xc0\0\2\7", 8, "reply: granted, with an address");
	socks4_reply_encode(got, SOCKS4_REJECTED, NULL);
	is_mem(got, 8, "\0\x5b\0\0\0\0\0\0", 8, "reply: rejected, without an address");
	addr_parse("2001:db8::1", &addr);
	addr_set_port(&addr, 80);
	socks4_reply_encode(got, SOCKS4_GRANTED, &addr);
	is_mem(got, 8, "\0\x5a\0\0\0\0\0\0", 8, "reply: an IPv6 address has no place in it");
	addr_set_ipv6(&addr, (const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\7", 80);
	socks4_reply_encode(got, SOCKS4_GRANTED, &addr);
	is_mem(got, 8, "\0\x5a\0\x50\xc0\0\2\7", 8, "reply: a mapped address is written as IPv4");
}

int main(void)
{
	test_vectors();
	test_bounds();
	test_replies();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of RFC 1928: vectors with all their prefixes and splits, and encoded again. */
#include <errno.h>

#include "wire/socks5.h"

#include "tap.h"
#include "decoder.h"

#define IPV6   "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\7"

DECODER(socks5_methods);
DECODER(socks5_request);
DECODER(socks5_udp);
DECODER(socks5_query);

static void test_methods(void)
{
	const struct socks5_methods *got;
	uint8_t m[SOCKS5_METHODS_MAX + 3] = { 5 };
	struct verdict v;
	char name[64];

	for (unsigned n = 0; n <= 255; n += n < 3 ? 1 : 84) {
		m[1] = (uint8_t)n;
		for (unsigned i = 0; i < n; i++)
			m[2 + i] = (uint8_t)(n - i);
		memset(m + 2 + n, 0x05, 3);
		snprintf(name, sizeof(name), "%u methods, with a request behind them", n);
		if (decodes(&socks5_methods_decoder, m, 2 + n + 3, 0, 2 + n, name, &v)) {
			got = v.value;
			is_mem(got->method, got->n, m + 2, n, "%u methods: in their order", n);
		}
	}
	decodes(&socks5_methods_decoder, "\4\1\0\120", 4, -EPROTO, 1, "methods: version 4", &v);
	decodes(&socks5_methods_decoder, "GET /", 5, -EPROTO, 1, "methods: HTTP", &v);
	decodes(&socks5_methods_decoder, "", 0, 2, 0, "methods: nothing yet", &v);
	decodes(&socks5_methods_decoder, "\5\2\0", 3, 1, 3, "methods: one is missing", &v);
}

/* Requests. All but their first three bytes look the same in datagrams and replies. */
static const struct {
	const char *bytes;
	size_t len;
	int r;
	size_t at;
	uint8_t atyp;
	const char *text; /* the address with its port, or the name */
	uint16_t port;
} vectors[] = {
	{ BYTES("\5\1\0\1\xc0\0\2\7\0\x50"), 0, 10, 1, "192.0.2.7:80", 80 },
	{ BYTES("\5\1\xff\1\0\0\0\0\0\0"), 0, 10, 1, "0.0.0.0:0", 0 },
	{ BYTES("\5\3\5\1\0\0\0\0\x13\x88"), 0, 10, 1, "0.0.0.0:5000", 5000 },
	{ BYTES("\5\1\0\4" IPV6 "\1\xbb"), 0, 22, 4, "[2001:db8::1]:443", 443 },
	{ BYTES("\5\1\0\4" MAPPED "\xff\xff"), 0, 22, 4, "192.0.2.7:65535", 65535 },
	{ BYTES("\5\1\0\3\xb"
		"example.com\0\x16"),
	  0, 18, 3, "example.com", 22 },
	{ BYTES("\5\1\0\3\1x\x80\0"), 0, 8, 3, "x", 32768 },
	{ BYTES("\5\1\0\3\0\0\x50"), 0, 7, 3, "", 80 },
	{ BYTES("\5\1\0\1\xc0\0\2\7\0\x50GET / HTTP"), 0, 10, 1, "192.0.2.7:80", 80 },
	{ BYTES("\5\1\0\3\0\0\x50\5\5\5\5"), 0, 7, 3, "", 80 },
	{ BYTES("\5\x83\0\1\xc0\0\2\7\0\x50"), 0, 10, 1, "192.0.2.7:80", 80 },
	{ BYTES("\5\1\0\0\1\1\1\1\1\1"), -EAFNOSUPPORT, 4, 0, NULL, 0 },
	{ BYTES("\5\1\0\2"), -EAFNOSUPPORT, 4, 0, NULL, 0 },
	{ BYTES("\5\xff\0\5\1\1\1\1\1\1"), -EAFNOSUPPORT, 4, 0, NULL, 0 },
	{ BYTES("\5\1\0\xff"), -EAFNOSUPPORT, 4, 0, NULL, 0 },
	{ BYTES("\5"), 3, 1, 0, NULL, 0 },
	{ BYTES("\5\1\0\1"), 6, 4, 0, NULL, 0 },
	{ BYTES("\5\1\0\3"), 3, 4, 0, NULL, 0 },
	{ BYTES("\5\1\0\3\xff"), 257, 5, 0, NULL, 0 },
	{ BYTES("\5\1\0\4"), 18, 4, 0, NULL, 0 },
	{ BYTES("\4\1\0\x50\xc0\0\2\7\0"), -EPROTO, 1, 0, NULL, 0 },
	{ BYTES("\1\5alice\6secret"), -EPROTO, 1, 0, NULL, 0 },
};

enum { VECTORS = sizeof(vectors) / sizeof(*vectors) };

/* Encodes a request; *len is its length. A mapped address is encoded as IPv4. */
static const uint8_t *encode(const struct socks5_request *req, size_t *len)
{
	static uint8_t out[SOCKS5_REQUEST_MAX];

	if (req->atyp != SOCKS5_ATYP_NAME) {
		*len = socks5_reply_encode(out, (enum socks5_rep)req->cmd, req->flag, &req->addr);
		return out;
	}
	out[0] = SOCKS5_VERSION;
	out[1] = req->cmd;
	out[2] = req->flag;
	out[3] = SOCKS5_ATYP_NAME;
	out[4] = req->namelen;
	memcpy(out + 5, req->name, req->namelen);
	out[5 + req->namelen] = (uint8_t)(req->port >> 8);
	out[6 + req->namelen] = (uint8_t)req->port;
	*len = 7 + (size_t)req->namelen;
	return out;
}

static void is_address(const struct socks5_request *got, size_t i, const char *kind)
{
	char text[ADDR_TEXT_MAX];

	is_int(got->atyp, vectors[i].atyp, "%s %zu: address type", kind, i);
	is_int(got->port, vectors[i].port, "%s %zu: port", kind, i);
	if (got->atyp == SOCKS5_ATYP_NAME) {
		is_mem(got->name, got->namelen, vectors[i].text, strlen(vectors[i].text),
		       "%s %zu: name", kind, i);
		is_int(got->addr.sa.sa_family, AF_UNSPEC, "%s %zu: has no address", kind, i);
	} else {
		addr_format(&got->addr, text);
		is_str(text, vectors[i].text, "%s %zu: address", kind, i);
		is_int(got->namelen, 0, "%s %zu: has no name", kind, i);
	}
}

static void test_requests(void)
{
	struct verdict v;
	char name[64];

	for (size_t i = 0; i < VECTORS; i++) {
		const uint8_t *bytes = (const uint8_t *)vectors[i].bytes;
		const struct socks5_request *got;
		const uint8_t *back;
		size_t len;

		snprintf(name, sizeof(name), "request %zu", i);
		if (!decodes(&socks5_request_decoder, bytes, vectors[i].len, vectors[i].r,
			     vectors[i].at, name, &v) ||
		    v.r != 0)
			continue;
		got = v.value;
		is_int(got->cmd, bytes[1], "request %zu: command", i);
		is_int(got->flag, bytes[2], "request %zu: flags", i);
		is_address(got, i, "request");
		back = encode(got, &len);
		if (got->atyp != SOCKS5_ATYP_IPV6 || got->addr.sa.sa_family == AF_INET6)
			is_mem(back, len, bytes, vectors[i].at, "request %zu: encoded again", i);
	}
}

static void test_longest_name(void)
{
	const struct socks5_request *got;
	uint8_t m[SOCKS5_REQUEST_MAX] = { 5, 1, 0, 3, 255 };
	struct verdict v;
	const uint8_t *back;
	size_t len;

	for (size_t i = 0; i < 255; i++)
		m[5 + i] = (uint8_t)i;
	if (decodes(&socks5_request_decoder, m, sizeof(m), 0, sizeof(m),
		    "a name of 255 bytes, of any value", &v)) {
		got = v.value;
		is_mem(got->name, got->namelen, m + 5, 255, "a name of 255 bytes: kept whole");
		back = encode(got, &len);
		is_mem(back, len, m, sizeof(m), "a name of 255 bytes: encoded again");
	}
}

/* The same vectors as datagrams: RSV and FRAG, then the address. */
static void test_datagrams(void)
{
	struct verdict v;
	char name[64];

	for (size_t i = 0; i < VECTORS; i++) {
		const struct socks5_udp *got;
		uint8_t m[64] = { 0 };

		if (vectors[i].r == -EPROTO)
			continue;
		memcpy(m, vectors[i].bytes, vectors[i].len);
		memcpy(m, i % 2 ? "\0\0" : "\5\1", 2);
		m[2] = (uint8_t)(i * 13);
		snprintf(name, sizeof(name), "datagram %zu", i);
		if (!decodes(&socks5_udp_decoder, m, vectors[i].len, vectors[i].r, vectors[i].at,
			     name, &v) ||
		    v.r != 0)
			continue;
		got = v.value;
		is_int(got->frag, m[2], "datagram %zu: FRAG", i);
		is_int(got->header_len, vectors[i].at, "datagram %zu: where the payload begins", i);
		is_int(got->to.cmd, 0, "datagram %zu: has no command", i);
		is_int(got->to.flag, 0, "datagram %zu: has no flags", i);
		is_address(&got->to, i, "datagram");
	}
	decodes(&socks5_udp_decoder, "", 0, 4, 0, "datagram: an empty one", &v);
}

/* The same vectors as queries. */
static void test_queries(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		int r;
		size_t at;
		const char *name;
	} others[] = {
		{ BYTES(""), 4, 0, "nothing yet" },
		{ BYTES("\5\3\0\1"), -EPROTO, 1, "a request" },
		{ BYTES("\1\1\0\1"), -EPROTO, 1, "RSV is not 0" },
		{ BYTES("\0\0\0\1"), -EPROTO, 2, "SUB is 0" },
		{ BYTES("\0\2\0\1"), -EPROTO, 2, "SUB is 2" },
		{ BYTES("\0\1\1\1"), -EPROTO, 3, "FLAG is not 0" },
	};
	struct verdict v;
	char name[64];

	for (size_t i = 0; i < VECTORS; i++) {
		const struct socks5_query *got;
		uint8_t m[64];

		if (vectors[i].r == -EPROTO)
			continue;
		memcpy(m, vectors[i].bytes, vectors[i].len);
		memcpy(m, "\0\1\0", vectors[i].len < 3 ? vectors[i].len : 3);
		snprintf(name, sizeof(name), "query %zu", i);
		if (!decodes(&socks5_query_decoder, m, vectors[i].len, vectors[i].r, vectors[i].at,
			     name, &v) ||
		    v.r != 0)
			continue;
		got = v.value;
		is_int(got->len, vectors[i].at, "query %zu: where the next one begins", i);
		is_int(got->to.cmd, 0, "query %zu: has no command", i);
		is_int(got->to.flag, 0, "query %zu: has no flags", i);
		is_address(&got->to, i, "query");
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		decodes(&socks5_query_decoder, others[i].bytes, others[i].len, others[i].r,
			others[i].at, others[i].name, &v);
}

static void is_reply(const char *addr, uint16_t port, const char *want, size_t want_len)
{
	uint8_t got[SOCKS5_REPLY_MAX];
	union endpoint bound = { .sa.sa_family = AF_UNSPEC };
	size_t len;

	addr_parse(addr, &bound);
	addr_set_port(&bound, port);
	memset(got, 0xa5, sizeof(got));
	len = socks5_reply_encode(got, SOCKS5_REP_TTL_EXPIRED, 0, &bound);
	is_mem(got, len, want, want_len, "reply with the address %s", addr);
	len = socks5_udp_encode(got, &bound);
	is_mem(got + 3, len - 3, want + 3, want_len - 3, "datagram from %s: the address", addr);
	is_mem(got, 3, "\0\0\0", 3, "datagram from %s: RSV and FRAG are 0", addr);
}

static void test_encoders(void)
{
	uint8_t got[SOCKS5_REPLY_MAX + 1];
	union endpoint mapped;
	char longest[300];
	size_t len;

	len = socks5_method_encode(got, SOCKS5_METHOD_UNACCEPTABLE);
	is_mem(got, len, "\5\xff", 2, "the answer: no acceptable method");
	is_reply("192.0.2.7", 80, BYTES("\5\6\0\1\xc0\0\2\7\0\x50"));
	is_reply("2001:db8::1", 443, BYTES("\5\6\0\4" IPV6 "\1\xbb"));
	is_reply("nowhere", 80, BYTES("\5\6\0\1\0\0\0\0\0\0"));
	addr_set_ipv6(&mapped, (const uint8_t *)MAPPED, 80);
	len = socks5_reply_encode(got, SOCKS5_REP_SUCCEEDED, 0, &mapped);
	is_mem(got, len, "\5\0\0\1\xc0\0\2\7\0\x50", 10, "reply with a mapped address");
	len = socks5_reply_encode(got, SOCKS5_REP_NOT_ALLOWED, 0, NULL);
	is_mem(got, len, "\5\2\0\1\0\0\0\0\0\0", 10, "reply without an address");
	len = socks5_reply_encode(got, SOCKS5_REP_SUCCEEDED, SOCKS5_FLAG_USECLIENTSPORT, &mapped);
	is_mem(got, len, "\5\0\4\1\xc0\0\2\7\0\x50", 10, "reply with a flag");

	memset(got, 0xa5, sizeof(got));
	len = socks5_reply_name_encode(got, "one.one");
	is_mem(got, len, "\5\0\0\3\7one.one\0\0", 14, "reply with a name");
	memset(longest, 'a', sizeof(longest));
	longest[255] = '\0';
	got[SOCKS5_REPLY_MAX] = 0x77;
	is_int(socks5_reply_name_encode(got, longest), SOCKS5_REPLY_MAX,
	       "reply with a name of 255 bytes: the length");
	ok(got[4] == 255 && memcmp(got + 5, longest, 255) == 0,
	   "reply with a name of 255 bytes: the whole name");
	longest[255] = 'a';
	longest[299] = '\0';
	is_int(socks5_reply_name_encode(got, longest), SOCKS5_REPLY_MAX,
	       "reply with a longer name: it is cut");
	is_int(got[SOCKS5_REPLY_MAX], 0x77,
	       "reply with a longer name: nothing is written behind it");
}

int main(void)
{
	test_methods();
	test_requests();
	test_longest_name();
	test_datagrams();
	test_queries();
	test_encoders();
	return done_testing();
}

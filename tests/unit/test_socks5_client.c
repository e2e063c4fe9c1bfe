/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's side of SOCKS 5: what it says is decoded by our server's decoders to the same, and
 * what our server answers by the client's decoders. Each answer with all its prefixes and splits.
 */
#include <errno.h>

#include "wire/socks5_client.h"

#include "tap.h"
#include "decoder.h"

DECODER(socks5_reply);

static int method_decode(const uint8_t *p, size_t n, void *ret)
{
	return socks5_method_decode(p, n, ret);
}

static int status_decode(const uint8_t *p, size_t n, void *ret)
{
	return userpass_reply_decode(p, n, ret);
}

static const struct decoder method_decoder = { method_decode, 1 };
static const struct decoder status_decoder = { status_decode, 1 };

/* Returns n bytes in front of the guard page, so that a byte too many is a fault. */
static uint8_t *room(size_t n)
{
	static const uint8_t nothing[USERPASS_REQUEST_MAX];

	return guard_copy(nothing, n);
}

static void test_greeting(void)
{
	struct socks5_methods got;
	uint8_t *p = room(3);

	is_mem(p, socks5_methods_encode(p, false), "\5\1\0", 3, "a greeting without a login");
	is_int(socks5_methods_decode(p, 3, &got), 0, "and our server decodes it");
	p = room(4);
	is_mem(p, socks5_methods_encode(p, true), "\5\2\2\0", 4, "a greeting with a login");
	is_int(socks5_methods_decode(p, 4, &got), 0, "and our server decodes it");
	is_mem(got.method, got.n, "\2\0", 2, "to both methods");
}

/* An answer of two bytes, which our server encodes by this function. */
static void test_pair(const struct decoder *d, size_t (*encode)(uint8_t *, uint8_t), uint8_t first,
		      const char *what)
{
	struct verdict v;
	uint8_t m[4] = { 0 };
	char name[64];

	for (unsigned i = 0; i < 256; i++) {
		encode(m, (uint8_t)i);
		m[2] = m[3] = 0xee;
		snprintf(name, sizeof(name), "%s %u, and more bytes", what, i);
		if (decodes(d, m, sizeof(m), 0, 2, name, &v))
			is_int(*(const uint8_t *)v.value, i, "%s: value", name);
		m[0] = (uint8_t)i;
		snprintf(name, sizeof(name), "%s: first byte %u", what, i);
		if (i != first)
			decodes(d, m, 2, -EPROTO, 1, name, &v);
	}
	decodes(d, &first, 1, 1, 1, "one byte", &v);
	decodes(d, "", 0, 2, 0, "nothing", &v);
}

/* Encodes a request of exactly len bytes, and expects our server to decode it to the same. */
static void request(const struct dest *to, size_t len, const char *name)
{
	struct socks5_request got;
	uint8_t *p = room(len);

	is_int(socks5_request_encode(p, SOCKS5_CMD_CONNECT, to), len, "%s: length", name);
	if (!is_int(socks5_request_decode(p, len, &got), 0, "%s: decoded", name))
		return;
	is_int(got.cmd, SOCKS5_CMD_CONNECT, "%s: command", name);
	is_int(got.flag, 0, "%s: RSV", name);
	is_int(got.port, to->port, "%s: port", name);
	if (to->addr.sa.sa_family == AF_UNSPEC)
		is_mem(got.name, got.namelen, to->name, strlen(to->name), "%s: name", name);
	else
		ok(addr_same_host(&got.addr, &to->addr), "%s: address", name);
}

static void test_requests(void)
{
	struct dest to = { .port = 443, .name = "a.Example." };

	request(&to, 7 + 10, "a name, with its letters and final dot");
	memset(to.name, 'n', 255);
	to.port = 65535;
	request(&to, SOCKS5_REQUEST_MAX, "a name of 255 bytes");
	addr_parse("192.0.2.1", &to.addr);
	request(&to, 10, "an IPv4 address in place of the name");
	addr_parse("2001:db8::1", &to.addr);
	to.port = 1;
	request(&to, 22, "an IPv6 address in place of the name");
}

static void login(size_t ulen, size_t plen, uint8_t byte)
{
	struct userpass_request l = { .ulen = (uint8_t)ulen, .plen = (uint8_t)plen }, got;
	size_t len = 3 + ulen + plen;
	uint8_t *p = room(len);

	memset(l.uname, byte, ulen);
	memset(l.passwd, byte ^ 1, plen);
	is_int(userpass_request_encode(p, &l), len, "user of %zu, password of %zu", ulen, plen);
	is_int(userpass_request_decode(p, len, &got), 0, "and our server decodes it");
	is_mem(got.uname, got.ulen, l.uname, ulen, "to the user");
	is_mem(got.passwd, got.plen, l.passwd, plen, "and the password");
}

static void reply(const char *host, uint16_t port, const char *want)
{
	union endpoint bound = { .sa.sa_family = AF_UNSPEC }, meant = bound;
	const struct socks5_reply *got;
	uint8_t m[SOCKS5_REPLY_MAX + 2];
	struct verdict v;
	char name[80];
	size_t n;

	if (host)
		addr_parse(host, &bound);
	addr_parse(want, &meant);
	addr_set_port(&bound, port);
	addr_set_port(&meant, port);
	for (unsigned rep = 0; rep < 256; rep += rep < 10 ? 1 : 49) {
		n = socks5_reply_encode(m, (enum socks5_rep)rep, (uint8_t)(rep ^ 1), &bound);
		memset(m + n, 5, 2);
		snprintf(name, sizeof(name), "reply %u with %s", rep, host ? host : "no address");
		if (!decodes(&socks5_reply_decoder, m, n + 2, 0, n, name, &v))
			continue;
		got = v.value;
		is_int(got->rep, rep, "%s: code", name);
		ok(addr_same(&got->bound, &meant), "%s: address", name);
	}
}

static void test_replies(void)
{
	char longest[256] = { 0 };
	uint8_t m[SOCKS5_REPLY_MAX];
	struct verdict v;

	reply("192.0.2.1", 65535, "192.0.2.1");
	reply("2001:db8::1", 80, "2001:db8::1");
	reply(NULL, 0, "0.0.0.0");
	memset(longest, 'n', 255);
	for (size_t n = 0; n <= 255; n += 51) {
		socks5_reply_name_encode(m, longest + 255 - n);
		if (decodes(&socks5_reply_decoder, m, 7 + n, 0, 7 + n, "a name", &v))
			is_int(((const struct socks5_reply *)v.value)->bound.sa.sa_family,
			       AF_UNSPEC, "is no address");
	}
	decodes(&socks5_reply_decoder, "\5\0\0\4\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1\0\120", 22,
		0, 22, "an IPv4-mapped address", &v);
	is_int(((const struct socks5_reply *)v.value)->bound.sa.sa_family, AF_INET, "is IPv4");
	decodes(&socks5_reply_decoder, BYTES("\4\0\0\1\0\0\0\0\0\0"), -EPROTO, 1, "version 4", &v);
	decodes(&socks5_reply_decoder, BYTES("HTTP/1.1 400"), -EPROTO, 1, "HTTP", &v);
	for (unsigned atyp = 0; atyp < 256; atyp++) {
		uint8_t head[4] = { 5, 0, 0, (uint8_t)atyp };

		if (atyp != 1 && atyp != 3 && atyp != 4)
			decodes(&socks5_reply_decoder, head, 4, -EAFNOSUPPORT, 4,
				"unknown address type", &v);
	}
	decodes(&socks5_reply_decoder, BYTES("\5\0\0\1\0\0\0\0\0"), 1, 9, "one byte short", &v);
}

int main(void)
{
	test_greeting();
	test_pair(&method_decoder, socks5_method_encode, SOCKS5_VERSION, "method");
	test_pair(&status_decoder, userpass_reply_encode, USERPASS_VERSION, "status");
	test_requests();
	login(1, 1, 'x');
	login(255, 255, 0xff);
	login(5, 255, 0);
	login(255, 1, ':');
	test_replies();
	return done_testing();
}

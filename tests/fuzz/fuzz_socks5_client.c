/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's side of SOCKS 5, as it is spoken to a parent: the answers of a parent, by the
 * decoder's contract; and what is said to it, which our server's decoders must understand.
 *
 * The input: what it is (the low two bits of its first byte), and the answer, or the text of a
 * request or of a login.
 */
#include <errno.h>

#include "wire/socks5_client.h"

#include "../unit/decoder.h"
#include "fuzz.h"

DECODER(socks5_reply);

static int method_decode(const uint8_t *p, size_t n, void *ret)
{
	return socks5_method_decode(p, n, ret);
}

static int status_decode(const uint8_t *p, size_t n, void *ret)
{
	return userpass_reply_decode(p, n, ret);
}

static void judge_pair(int (*decode)(const uint8_t *, size_t, void *), uint8_t first,
		       const uint8_t *p, size_t n)
{
	const struct decoder d = { decode, 1 };
	struct verdict v = decoder_must(&d, p, n);

	if (v.r < 0)
		MUST(v.r == -EPROTO && v.at == 1 && p[0] != first);
	else if (v.r == 0)
		MUST(v.at == 2 && p[0] == first && *(const uint8_t *)v.value == p[1]);
	else
		MUST(n + (size_t)v.r == 2);
}

static void judge_reply(const uint8_t *p, size_t n)
{
	struct verdict v = decoder_must(&socks5_reply_decoder, p, n);
	const struct socks5_reply *got = v.value;
	uint8_t again[SOCKS5_REPLY_MAX];

	MUST(v.r > 0 ? n + (size_t)v.r <= SOCKS5_REPLY_MAX : v.at <= SOCKS5_REPLY_MAX);
	if (v.r < 0)
		MUST(v.r == -EPROTO ? p[0] != 5 : v.r == -EAFNOSUPPORT && v.at == 4);
	if (v.r != 0)
		return;
	MUST(got->rep == p[1]);
	if (p[3] == SOCKS5_ATYP_NAME) {
		MUST(got->bound.sa.sa_family == AF_UNSPEC && v.at == 7 + (size_t)p[4]);
		return;
	}
	/* Encoded again it is the same, but for an IPv4-mapped address. */
	MUST(socks5_reply_encode(again, got->rep, p[2], &got->bound) <= v.at);
	if (again[3] == p[3])
		MUST(memcmp(again, p, v.at) == 0);
	else
		MUST(got->bound.sa.sa_family == AF_INET && memcmp(again + 4, p + 16, 4) == 0);
}

static void judge_request(const uint8_t *p, size_t n)
{
	static const uint8_t nothing[SOCKS5_REQUEST_MAX];
	struct socks5_request got;
	struct dest to;
	uint8_t *out;

	if (n < 2 || addr_from_name(p + 2, n - 2, (uint16_t)(p[0] << 8 | p[1]), &to) < 0)
		return;
	n = to.name[0] ? 7 + n - 2 : to.addr.sa.sa_family == AF_INET ? 10 : 22;
	out = guard_copy(nothing, n);
	MUST(socks5_request_encode(out, SOCKS5_CMD_CONNECT, &to) == n);
	MUST(socks5_request_decode(out, n, &got) == 0);
	MUST(got.cmd == SOCKS5_CMD_CONNECT && got.flag == 0 && got.port == to.port);
	if (to.name[0])
		MUST(got.namelen == n - 7 && memcmp(got.name, to.name, got.namelen) == 0);
	else
		MUST(addr_same_host(&got.addr, &to.addr));
}

static void judge_login(const uint8_t *p, size_t n)
{
	static const uint8_t nothing[USERPASS_REQUEST_MAX];
	struct userpass_request login = { 0 }, got;
	uint8_t *out;

	if (n < 1 || n - 1 < p[0] || n - 1 - p[0] > 255)
		return;
	login.ulen = p[0];
	login.plen = (uint8_t)(n - 1 - p[0]);
	memcpy(login.uname, p + 1, login.ulen);
	memcpy(login.passwd, p + 1 + login.ulen, login.plen);
	out = guard_copy(nothing, n + 2);
	MUST(userpass_request_encode(out, &login) == n + 2);
	MUST(userpass_request_decode(out, n + 2, &got) == 0);
	MUST(got.ulen == login.ulen && got.plen == login.plen);
	MUST(memcmp(got.uname, login.uname, got.ulen) == 0);
	MUST(memcmp(got.passwd, login.passwd, got.plen) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 1 + USERPASS_REQUEST_MAX)
		return -1;
	switch (data[0] & 3) {
	case 0:
		judge_pair(method_decode, SOCKS5_VERSION, data + 1, size - 1);
		judge_pair(status_decode, USERPASS_VERSION, data + 1, size - 1);
		break;
	case 1:
		judge_reply(data + 1, size - 1);
		break;
	case 2:
		judge_request(data + 1, size - 1);
		break;
	default:
		judge_login(data + 1, size - 1);
		break;
	}
	return 0;
}

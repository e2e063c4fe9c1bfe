/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the program sends to clients, decoded again: replies of both versions, with an address or a
 * name, and headers of datagrams. Each is written into a buffer of exactly its size.
 *
 * The input: reply code, family, 16 bytes of address, 2 of port; the rest is a name.
 */
#include "wire/socks4.h"
#include "wire/socks5.h"

#include "../unit/guard.h"
#include "fuzz.h"

enum { HEAD = 20 };

/* Returns n bytes in front of the guard page, so that a byte too many is a fault. */
static uint8_t *room(size_t n)
{
	static const uint8_t nothing[SOCKS5_REPLY_MAX];

	return guard_copy(nothing, n);
}

static void must_be_reply(const union endpoint *bound, const union endpoint *meant, uint8_t code,
			  uint8_t flag)
{
	size_t len = meant->sa.sa_family == AF_INET6 ? 22 : 10;
	uint8_t *out = room(len);
	struct socks5_request got;

	MUST(socks5_reply_encode(out, code, flag, bound) == len);
	MUST(socks5_request_decode(out, len, &got) == 0);
	MUST(got.cmd == code && got.flag == flag && got.port == addr_port(meant));
	if (meant->sa.sa_family == AF_UNSPEC)
		MUST(memcmp(out + 3, "\1\0\0\0\0\0\0", 7) == 0);
	else
		MUST(addr_same(&got.addr, meant));
}

static void must_be_header(const union endpoint *from, const union endpoint *meant)
{
	size_t len = meant->sa.sa_family == AF_INET6 ? 22 : 10;
	uint8_t *out = room(len);
	struct socks5_udp got;

	MUST(socks5_udp_encode(out, from) == len);
	MUST(socks5_udp_decode(out, len, &got) == 0);
	MUST(got.header_len == len && got.frag == 0 && out[0] == 0 && out[1] == 0);
	MUST(addr_same(&got.to.addr, meant));
}

/* A reply of version 4 can't have an IPv6 address. */
static void must_be_socks4(const union endpoint *bound, const union endpoint *meant, uint8_t code)
{
	uint8_t *out = room(SOCKS4_REPLY_LEN);

	MUST(socks4_reply_encode(out, code, bound) == SOCKS4_REPLY_LEN);
	MUST(out[0] == 0 && out[1] == code);
	if (meant->sa.sa_family == AF_INET)
		MUST((out[2] << 8 | out[3]) == addr_port(meant) &&
		     memcmp(out + 4, &meant->in.sin_addr, 4) == 0);
	else
		MUST(memcmp(out + 2, "\0\0\0\0\0\0", 6) == 0);
}

static void must_be_name(const char *name, size_t len)
{
	uint8_t *out = room(7 + len);
	struct socks5_request got;

	MUST(socks5_reply_name_encode(out, name) == 7 + len);
	MUST(socks5_request_decode(out, 7 + len, &got) == 0);
	MUST(got.cmd == SOCKS5_REP_SUCCEEDED && got.port == 0 && got.namelen == len);
	MUST(memcmp(got.name, name, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	union endpoint bound = { .sa.sa_family = AF_UNSPEC }, meant;
	char name[256] = "";

	if (size < HEAD || size >= HEAD + sizeof(name))
		return -1;
	if (data[1] % 3 == 1)
		addr_set_ipv4(&bound, data + 2, (uint16_t)(data[18] << 8 | data[19]));
	else if (data[1] % 3 == 2)
		addr_set_ipv6(&bound, data + 2, (uint16_t)(data[18] << 8 | data[19]));
	meant = bound;
	addr_unmap(&meant);
	must_be_reply(&bound, &meant, data[0], data[1]);
	must_be_socks4(&bound, &meant, data[0]);
	if (addr_len(&bound))
		must_be_header(&bound, &meant);
	memcpy(name, data + HEAD, size - HEAD);
	if (*name)
		must_be_name(name, strlen(name));
	return 0;
}

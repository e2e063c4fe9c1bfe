/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an address is: its length, its port, whom it equals, and the IPv4 address that
 * some IPv6 ones carry. Text is addr_text.c's; sockets and resolvers are nobody's here.
 */
#include <string.h>

#include "wire/addr.h"

void addr_set_ipv4(union endpoint *ret, const uint8_t *bytes, uint16_t port)
{
	memset(ret, 0, sizeof *ret);
	ret->in.sin_family = AF_INET;
	ret->in.sin_port = htons(port);
	memcpy(&ret->in.sin_addr, bytes, 4);
}

void addr_set_ipv6(union endpoint *ret, const uint8_t *bytes, uint16_t port)
{
	memset(ret, 0, sizeof *ret);
	ret->in6.sin6_family = AF_INET6;
	ret->in6.sin6_port = htons(port);
	memcpy(&ret->in6.sin6_addr, bytes, 16);
}

socklen_t addr_len(const union endpoint *addr)
{
	switch (addr->sa.sa_family) {
	case AF_INET:
		return sizeof addr->in;
	case AF_INET6:
		return sizeof addr->in6;
	default:
		return 0;
	}
}

uint16_t addr_port(const union endpoint *addr)
{
	switch (addr->sa.sa_family) {
	case AF_INET:
		return ntohs(addr->in.sin_port);
	case AF_INET6:
		return ntohs(addr->in6.sin6_port);
	default:
		return 0;
	}
}

void addr_set_port(union endpoint *addr, uint16_t port)
{
	if (addr->sa.sa_family == AF_INET)
		addr->in.sin_port = htons(port);
	else if (addr->sa.sa_family == AF_INET6)
		addr->in6.sin6_port = htons(port);
}

void addr_unmap(union endpoint *addr)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint8_t bytes[16];

	if (addr->sa.sa_family != AF_INET6)
		return;
	memcpy(bytes, &addr->in6.sin6_addr, 16);
	if (memcmp(bytes, mapped, 12) == 0)
		addr_set_ipv4(addr, bytes + 12, addr_port(addr));
}

bool addr_same_host(const union endpoint *a, const union endpoint *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	switch (a->sa.sa_family) {
	case AF_INET:
		return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	case AF_INET6:
		return memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, 16) == 0 &&
		       a->in6.sin6_scope_id == b->in6.sin6_scope_id;
	default:
		return false;
	}
}

bool addr_same(const union endpoint *a, const union endpoint *b)
{
	return addr_same_host(a, b) && addr_port(a) == addr_port(b);
}

bool addr_is_loopback(const union endpoint *addr)
{
	switch (addr->sa.sa_family) {
	case AF_INET:
		return ntohl(addr->in.sin_addr.s_addr) >> 24 == 127;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&addr->in6.sin6_addr);
	default:
		return false;
	}
}

bool addr_is_unspecified(const union endpoint *addr)
{
	switch (addr->sa.sa_family) {
	case AF_INET:
		return addr->in.sin_addr.s_addr == 0;
	case AF_INET6:
		return IN6_IS_ADDR_UNSPECIFIED(&addr->in6.sin6_addr);
	default:
		return false;
	}
}

/* A form of IPv6 address that carries an IPv4 one: which bytes it shows, where the four are. */
struct form {
	uint8_t from, len; /* the bytes compared: len of them, from this one on */
	uint8_t bytes[12];
	uint8_t at;   /* where the IPv4 address stands */
	uint8_t flip; /* what its bytes are XORed with */
};

static const struct form forms[] = {
	{0, 12, {[10] = 0xff, [11] = 0xff}, 12, 0}, /* mapped ::ffff:0:0/96 */
	{0, 12, {0}, 12, 0},			    /* compatible ::/96 */
	{0, 12, {0x00, 0x64, 0xff, 0x9b}, 12, 0},   /* NAT64 64:ff9b::/96 */
	{0, 2, {0x20, 0x02}, 2, 0},		    /* 6to4 2002::/16 */
	{0, 4, {0x20, 0x01}, 12, 0xff},		    /* Teredo 2001::/32 */
	{8, 4, {0x00, 0x00, 0x5e, 0xfe}, 12, 0},    /* ISATAP, local IPv4 address */
	{8, 4, {0x02, 0x00, 0x5e, 0xfe}, 12, 0},    /* ISATAP, global IPv4 address */
};

bool addr_embedded_ipv4(const union endpoint *addr, union endpoint *ret)
{
	uint8_t bytes[16], v4[4];

	/* :: and ::1 lie in ::/96, and carry nothing. */
	if (addr->sa.sa_family != AF_INET6 || addr_is_unspecified(addr) || addr_is_loopback(addr))
		return false;
	memcpy(bytes, &addr->in6.sin6_addr, 16);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct form *f = &forms[i];

		if (memcmp(bytes + f->from, f->bytes, f->len) != 0)
			continue;
		for (size_t k = 0; k < 4; k++)
			v4[k] = bytes[f->at + k] ^ f->flip;
		addr_set_ipv4(ret, v4, addr_port(addr));
		return true;
	}
	return false;
}

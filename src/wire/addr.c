/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses as bytes: length, port, equality, and the IPv4 addresses that some IPv6 addresses
 * carry. addr_text.c reads and writes them as text.
 */
#include "wire/addr.h"

#include <string.h>

void addr_set_ipv4(union endpoint *ret, const uint8_t *bytes, uint16_t port)
{
	memset(ret, 0, sizeof(*ret));
	ret->in.sin_family = AF_INET;
	ret->in.sin_port = htons(port);
	memcpy(&ret->in.sin_addr, bytes, 4);
}

void addr_set_ipv6(union endpoint *ret, const uint8_t *bytes, uint16_t port)
{
	memset(ret, 0, sizeof(*ret));
	ret->in6.sin6_family = AF_INET6;
	ret->in6.sin6_port = htons(port);
	memcpy(&ret->in6.sin6_addr, bytes, 16);
}

socklen_t addr_len(const union endpoint *addr)
{
	switch (addr->sa.sa_family) {
	case AF_INET:
		return sizeof(addr->in);
	case AF_INET6:
		return sizeof(addr->in6);
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
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
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

/* A form of IPv6 address that carries an IPv4 address. */
struct form {
	uint8_t from, len; /* where the bytes that mark this form begin, and how many they are */
	uint8_t bytes[12]; /* their values */
	uint8_t at[4];	   /* the indexes of the IPv4 address's bytes */
	uint8_t flip;	   /* they are XORed with this */
	bool guess;
};

#define LAST                                                                                       \
	{                                                                                          \
		12, 13, 14, 15                                                                     \
	}
#define LOCAL_NAT64                                                                                \
	0, 6,                                                                                      \
	{                                                                                          \
		0x00, 0x64, 0xff, 0x9b, 0x00, 0x01                                                 \
	}

static const struct form forms[] = {
	{ 0, 12, { [10] = 0xff, [11] = 0xff }, LAST, 0, false }, /* mapped ::ffff:0:0/96 */
	{ 0, 12, { [8] = 0xff, [9] = 0xff }, LAST, 0, false },	 /* translated ::ffff:0:0:0/96 */
	{ 0, 12, { 0 }, LAST, 0, false },			 /* compatible ::/96 */
	{ 0, 12, { 0x00, 0x64, 0xff, 0x9b }, LAST, 0, false },	 /* NAT64 64:ff9b::/96 */
	{ LOCAL_NAT64, { 6, 7, 9, 10 }, 0, true },		 /* and 64:ff9b:1::/48 */
	{ LOCAL_NAT64, { 7, 9, 10, 11 }, 0, true },
	{ LOCAL_NAT64, { 9, 10, 11, 12 }, 0, true },
	{ LOCAL_NAT64, LAST, 0, true },
	{ 0, 2, { 0x20, 0x02 }, { 2, 3, 4, 5 }, 0, false },   /* 6to4 2002::/16 */
	{ 0, 4, { 0x20, 0x01 }, LAST, 0xff, false },	      /* Teredo 2001::/32 */
	{ 8, 4, { 0x00, 0x00, 0x5e, 0xfe }, LAST, 0, false }, /* ISATAP, local IPv4 address */
	{ 8, 4, { 0x02, 0x00, 0x5e, 0xfe }, LAST, 0, false }, /* ISATAP, global IPv4 address */
};

unsigned addr_embedded_ipv4(const union endpoint *addr, struct addr_embedded *ret)
{
	uint8_t bytes[16];
	unsigned n = 0;

	/* :: and ::1 lie in ::/96 but carry no IPv4 address. */
	if (addr->sa.sa_family != AF_INET6 || addr_is_unspecified(addr) || addr_is_loopback(addr))
		return 0;
	memcpy(bytes, &addr->in6.sin6_addr, 16);
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const struct form *f = &forms[i];

		if (memcmp(bytes + f->from, f->bytes, f->len) != 0)
			continue;
		ret[n] =
			(struct addr_embedded){ .bit = (uint8_t)(f->at[0] * 8), .guess = f->guess };
		for (size_t k = 0; k < 4; k++)
			ret[n].v4 = ret[n].v4 << 8 | (bytes[f->at[k]] ^ f->flip);
		n++;
	}
	return n;
}

unsigned addr_embedded_known(const struct addr_embedded *embedded, unsigned bits)
{
	unsigned begin = embedded->bit, known;

	/* An address that begins before bit 64 skips bits 64 to 71. */
	if (embedded->guess && begin < 64 && bits > 64)
		begin += bits < 72 ? bits - 64 : 8;
	known = bits > begin ? bits - begin : 0;
	return known < 32 ? known : 32;
}

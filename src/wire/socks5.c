/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes and encodes SOCKS 5 messages (RFC 1928). A decoder returns an error as soon as the bytes
 * show one. No name is judged here.
 */
#include "wire/socks5.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

int socks5_methods_decode(const uint8_t *p, size_t n, struct socks5_methods *ret)
{
	size_t need;

	if (n >= 1 && p[0] != SOCKS5_VERSION)
		return -EPROTO;
	need = n >= 2 ? 2 + (size_t)p[1] : 2;
	if (n < need)
		return (int)(need - n);
	ret->n = p[1];
	memcpy(ret->method, p + 2, ret->n);
	return 0;
}

/*
 * Returns the length of a message whose byte 3 is ATYP, or its least length as far as n bytes show
 * it; or -EAFNOSUPPORT.
 */
static int message_len(const uint8_t *p, size_t n)
{
	if (n < 4)
		return 4;
	switch (p[3]) {
	case SOCKS5_ATYP_IPV4:
		return 4 + 4 + 2;
	case SOCKS5_ATYP_IPV6:
		return 4 + 16 + 2;
	case SOCKS5_ATYP_NAME:
		return 4 + 1 + (n > 4 ? p[4] : 0) + 2;
	default:
		return -EAFNOSUPPORT;
	}
}

/* Fills *ret, except cmd and flag, from a complete message of len bytes. */
static void get_address(const uint8_t *p, size_t len, struct socks5_request *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->atyp = p[3];
	ret->port = get_u16(p + len - 2);
	ret->addr.sa.sa_family = AF_UNSPEC;
	if (ret->atyp == SOCKS5_ATYP_IPV4) {
		addr_set_ipv4(&ret->addr, p + 4, ret->port);
	} else if (ret->atyp == SOCKS5_ATYP_IPV6) {
		addr_set_ipv6(&ret->addr, p + 4, ret->port);
		addr_unmap(&ret->addr);
	} else {
		ret->namelen = p[4];
		memcpy(ret->name, p + 5, ret->namelen);
	}
}

/* Decodes the address of a message, and its length. Need-more contract. */
static int message_decode(const uint8_t *p, size_t n, struct socks5_request *to, size_t *ret_len)
{
	int len = message_len(p, n);

	if (len < 0)
		return len;
	if (n < (size_t)len)
		return len - (int)n;
	get_address(p, (size_t)len, to);
	*ret_len = (size_t)len;
	return 0;
}

int socks5_request_decode(const uint8_t *p, size_t n, struct socks5_request *ret)
{
	size_t len;
	int need;

	if (n >= 1 && p[0] != SOCKS5_VERSION)
		return -EPROTO;
	need = message_decode(p, n, ret, &len);
	if (need)
		return need;
	ret->cmd = p[1];
	ret->flag = p[2];
	return 0;
}

int socks5_udp_decode(const uint8_t *p, size_t n, struct socks5_udp *ret)
{
	int need = message_decode(p, n, &ret->to, &ret->header_len);

	if (!need)
		ret->frag = p[2];
	return need;
}

int socks5_query_decode(const uint8_t *p, size_t n, struct socks5_query *ret)
{
	static const uint8_t head[] = { 0, 1, 0 };

	if (memcmp(p, head, n < sizeof(head) ? n : sizeof(head)) != 0)
		return -EPROTO;
	return message_decode(p, n, &ret->to, &ret->len);
}

size_t socks5_method_encode(uint8_t *buf, uint8_t method)
{
	buf[0] = SOCKS5_VERSION;
	buf[1] = method;
	return 2;
}

static size_t put_u16(uint8_t *buf, uint16_t v)
{
	buf[0] = (uint8_t)(v >> 8);
	buf[1] = (uint8_t)v;
	return 2;
}

/* Writes ATYP, address and port: 0.0.0.0:0 if addr is NULL or neither IPv4 nor IPv6. */
static size_t put_address(uint8_t *buf, const union endpoint *addr)
{
	union endpoint a = { .sa.sa_family = AF_UNSPEC };
	size_t len = 4;

	if (addr)
		a = *addr;
	addr_unmap(&a);
	buf[0] = SOCKS5_ATYP_IPV4;
	if (a.sa.sa_family == AF_INET6) {
		buf[0] = SOCKS5_ATYP_IPV6;
		len = 16;
		memcpy(buf + 1, &a.in6.sin6_addr, len);
	} else if (a.sa.sa_family == AF_INET) {
		memcpy(buf + 1, &a.in.sin_addr, len);
	} else {
		memset(buf + 1, 0, len);
	}
	return 1 + len + put_u16(buf + 1 + len, addr_port(&a));
}

size_t socks5_reply_encode(uint8_t *buf, enum socks5_rep rep, uint8_t flag,
			   const union endpoint *bound)
{
	buf[0] = SOCKS5_VERSION;
	buf[1] = (uint8_t)rep;
	buf[2] = flag;
	return 3 + put_address(buf + 3, bound);
}

size_t socks5_reply_name_encode(uint8_t *buf, const char *name)
{
	size_t len = strnlen(name, 255);

	buf[0] = SOCKS5_VERSION;
	buf[1] = SOCKS5_REP_SUCCEEDED;
	buf[2] = 0;
	buf[3] = SOCKS5_ATYP_NAME;
	buf[4] = (uint8_t)len;
	memcpy(buf + 5, name, len);
	return 5 + len + put_u16(buf + 5 + len, 0);
}

size_t socks5_udp_encode(uint8_t *buf, const union endpoint *from)
{
	memset(buf, 0, 3);
	return 3 + put_address(buf + 3, from);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodes what a client of SOCKS 5 says, and decodes the answers. Believes no length it is told. */
#include "wire/socks5_client.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

size_t socks5_methods_encode(uint8_t *buf, bool has_login)
{
	uint8_t n = 0;

	buf[0] = SOCKS5_VERSION;
	if (has_login)
		buf[2 + n++] = SOCKS5_METHOD_PASSWORD;
	buf[2 + n++] = SOCKS5_METHOD_NONE;
	buf[1] = n;
	return 2 + (size_t)n;
}

/* Decodes an answer of two bytes, the first of which is fixed. */
static int pair_decode(const uint8_t *p, size_t n, uint8_t first, uint8_t *ret)
{
	if (n >= 1 && p[0] != first)
		return -EPROTO;
	if (n < 2)
		return (int)(2 - n);
	*ret = p[1];
	return 0;
}

int socks5_method_decode(const uint8_t *p, size_t n, uint8_t *ret)
{
	return pair_decode(p, n, SOCKS5_VERSION, ret);
}

size_t socks5_request_encode(uint8_t *buf, enum socks5_cmd cmd, const struct dest *dest)
{
	size_t n;

	if (dest->addr.sa.sa_family != AF_UNSPEC) {
		/* A request has the form of a reply. */
		n = socks5_reply_encode(buf, SOCKS5_REP_SUCCEEDED, 0, &dest->addr);
	} else {
		n = socks5_reply_name_encode(buf, dest->name);
	}
	buf[1] = (uint8_t)cmd;
	buf[n - 2] = (uint8_t)(dest->port >> 8);
	buf[n - 1] = (uint8_t)dest->port;
	return n;
}

int socks5_reply_decode(const uint8_t *p, size_t n, struct socks5_reply *ret)
{
	struct socks5_request r;
	/* A reply has the form of a request. */
	int need = socks5_request_decode(p, n, &r);

	if (need)
		return need;
	*ret = (struct socks5_reply){ .rep = r.cmd, .bound = r.addr };
	return 0;
}

size_t userpass_request_encode(uint8_t *buf, const struct userpass_request *login)
{
	uint8_t *p = buf;

	*p++ = USERPASS_VERSION;
	*p++ = login->ulen;
	memcpy(p, login->uname, login->ulen);
	p += login->ulen;
	*p++ = login->plen;
	memcpy(p, login->passwd, login->plen);
	return (size_t)(p - buf) + login->plen;
}

int userpass_reply_decode(const uint8_t *p, size_t n, uint8_t *ret)
{
	return pair_decode(p, n, USERPASS_VERSION, ret);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes and encodes SOCKS 4 and 4a messages. The length of the client's texts is bounded here;
 * their content is judged elsewhere.
 */
#include "wire/socks4.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

enum { HEADER_LEN = 8, TEXT_MAX = 255 };

/*
 * Finds the end of the text at p, of which n bytes are there. Returns 0 and sets *len, the NUL not
 * counted; 1 if the NUL has not come yet; or -EMSGSIZE.
 */
static int text_len(const uint8_t *p, size_t n, size_t *len)
{
	const uint8_t *end = n ? memchr(p, '\0', n > TEXT_MAX ? TEXT_MAX + 1 : n) : NULL;

	if (!end)
		return n > TEXT_MAX ? -EMSGSIZE : 1;
	*len = (size_t)(end - p);
	return 0;
}

int socks4_request_decode(const uint8_t *p, size_t n, struct socks4_request *ret)
{
	size_t user = 0, name = 0;
	bool named;
	int r;

	if (n >= 1 && p[0] != SOCKS4_VERSION)
		return -EPROTO;
	if (n <= HEADER_LEN)
		return (int)(HEADER_LEN + 1 - n);
	named = !p[4] && !p[5] && !p[6] && p[7];
	r = text_len(p + HEADER_LEN, n - HEADER_LEN, &user);
	if (r == 0 && named)
		r = text_len(p + HEADER_LEN + user + 1, n - HEADER_LEN - user - 1, &name);
	if (r != 0)
		return r;

	memset(ret, 0, sizeof(*ret));
	ret->cmd = p[1];
	ret->port = get_u16(p + 2);
	ret->addr.sa.sa_family = AF_UNSPEC;
	if (!named)
		addr_set_ipv4(&ret->addr, p + 4, ret->port);
	memcpy(ret->user, p + HEADER_LEN, user);
	ret->namelen = (uint8_t)name;
	if (named)
		memcpy(ret->name, p + HEADER_LEN + user + 1, name);
	return 0;
}

size_t socks4_reply_encode(uint8_t *buf, enum socks4_reply cd, const union endpoint *addr)
{
	union endpoint a = { .sa.sa_family = AF_UNSPEC };

	if (addr)
		a = *addr;
	addr_unmap(&a);
	memset(buf, 0, SOCKS4_REPLY_LEN);
	buf[1] = (uint8_t)cd;
	if (a.sa.sa_family == AF_INET) {
		memcpy(buf + 2, &a.in.sin_port, 2);
		memcpy(buf + 4, &a.in.sin_addr, 4);
	}
	return SOCKS4_REPLY_LEN;
}

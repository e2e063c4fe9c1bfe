/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes and encodes the frames and options of draft-ietf-aft-socks-ssl-00. Never looks at TLS. */
#include "wire/sslframe.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

int sslframe_header_decode(const uint8_t *p, size_t n, struct sslframe_header *ret)
{
	if (n >= 1 && p[0] != SSLFRAME_VERSION)
		return -EPROTO;
	if (n >= 2 && (p[1] < SSLFRAME_HANDSHAKE || p[1] > SSLFRAME_CLOSING))
		return -EPROTO;
	if (n < SSLFRAME_HEADER)
		return (int)(SSLFRAME_HEADER - n);
	*ret = (struct sslframe_header){ .state = p[1], .len = get_u16(p + 2) };
	return 0;
}

size_t sslframe_header_encode(uint8_t *buf, enum sslframe_state state, size_t len)
{
	buf[0] = SSLFRAME_VERSION;
	buf[1] = (uint8_t)state;
	buf[2] = (uint8_t)(len >> 8);
	buf[3] = (uint8_t)len;
	return SSLFRAME_HEADER;
}

int sslframe_options_decode(const uint8_t *p, size_t n, struct sslframe_options *ret)
{
	size_t need = n ? 1 + (size_t)p[0] : 1;

	if (n < need)
		return (int)(need - n);
	ret->n = p[0];
	memcpy(ret->option, p + 1, ret->n);
	return 0;
}

bool sslframe_options_have(const struct sslframe_options *o, enum sslframe_option option)
{
	return memchr(o->option, (int)option, o->n);
}

size_t sslframe_options_encode(uint8_t *buf, const struct sslframe_options *o)
{
	buf[0] = o->n;
	memcpy(buf + 1, o->option, o->n);
	return 1 + (size_t)o->n;
}

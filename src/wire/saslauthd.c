/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodes requests to saslauthd, and decodes its answers. Never judges a password. */
#include "wire/saslauthd.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

/* Appends a counted string; returns its end. */
static uint8_t *put(uint8_t *p, const char *text, size_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
	memcpy(p + 2, text, n);
	return p + 2 + n;
}

size_t saslauthd_request_encode(uint8_t *buf, const struct userpass_request *login)
{
	uint8_t *p = buf;

	p = put(p, login->uname, login->ulen);
	p = put(p, login->passwd, login->plen);
	p = put(p, SASLAUTHD_SERVICE, sizeof(SASLAUTHD_SERVICE) - 1);
	p = put(p, "", 0);
	return (size_t)(p - buf);
}

int saslauthd_answer_decode(const uint8_t *p, size_t n, struct saslauthd_answer *ret)
{
	size_t len;

	if (n < 2)
		return (int)(4 - n);
	len = get_u16(p);
	if (len < 2 || len > SASLAUTHD_WORDS_MAX)
		return -EPROTO;
	if (n < 2 + len)
		return (int)(2 + len - n);
	*ret = (struct saslauthd_answer){ .ok = memcmp(p + 2, "OK", 2) == 0 };
	return 0;
}

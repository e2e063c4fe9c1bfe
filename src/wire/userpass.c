/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes and encodes the messages of RFC 1929. Takes lengths of 0, because some clients send them;
 * whether a user name and a password match is never decided here.
 */
#include "wire/userpass.h"

#include <errno.h>
#include <string.h>

int userpass_request_decode(const uint8_t *p, size_t n, struct userpass_request *ret)
{
	size_t ulen = 0, need = 3;

	if (n >= 1 && p[0] != USERPASS_VERSION)
		return -EPROTO;
	if (n >= 2) {
		ulen = p[1];
		need += ulen;
	}
	if (n >= 3 + ulen)
		need += p[2 + ulen];
	if (n < need)
		return (int)(need - n);
	memset(ret, 0, sizeof(*ret));
	ret->ulen = p[1];
	memcpy(ret->uname, p + 2, ret->ulen);
	ret->plen = p[2 + ulen];
	memcpy(ret->passwd, p + 3 + ulen, ret->plen);
	return 0;
}

size_t userpass_reply_encode(uint8_t *buf, uint8_t status)
{
	buf[0] = USERPASS_VERSION;
	buf[1] = status;
	return 2;
}

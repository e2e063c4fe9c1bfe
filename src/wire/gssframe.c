/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes and encodes the frames of RFC 1961. Never looks at a token. */
#include "wire/gssframe.h"
#include "wire/wire.h"

#include <errno.h>

static int is_type(uint8_t mtyp)
{
	return (mtyp >= GSSFRAME_CONTEXT && mtyp <= GSSFRAME_DATA) || mtyp == GSSFRAME_ABORT;
}

int gssframe_decode(const uint8_t *p, size_t n, struct gssframe *ret)
{
	size_t need = GSSFRAME_HEADER;

	if ((n >= 1 && p[0] != GSSFRAME_VERSION) || (n >= 2 && !is_type(p[1])))
		return -EPROTO;
	/* Until the type is known, the frame may be the short one. */
	if (n < 2 || p[1] == GSSFRAME_ABORT)
		need = GSSFRAME_ABORT_LEN;
	else if (n >= GSSFRAME_HEADER)
		need += get_u16(p + 2);
	if (n < need)
		return (int)(need - n);
	*ret = (struct gssframe){ .mtyp = p[1] };
	if (ret->mtyp != GSSFRAME_ABORT)
		ret->len = get_u16(p + 2);
	return 0;
}

size_t gssframe_encode(uint8_t *buf, enum gssframe_mtyp mtyp, size_t len)
{
	buf[0] = GSSFRAME_VERSION;
	buf[1] = (uint8_t)mtyp;
	buf[2] = (uint8_t)(len >> 8);
	buf[3] = (uint8_t)len;
	return GSSFRAME_HEADER;
}

size_t gssframe_abort_encode(uint8_t *buf)
{
	buf[0] = GSSFRAME_VERSION;
	buf[1] = GSSFRAME_ABORT;
	return GSSFRAME_ABORT_LEN;
}

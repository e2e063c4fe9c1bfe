/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 1929's requests: the promises of a decoder, and back to the same bytes. */
#include <errno.h>

#include "wire/userpass.h"

#include "../unit/decoder.h"
#include "fuzz.h"

static int decode(const uint8_t *p, size_t n, void *ret)
{
	return userpass_request_decode(p, n, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decoder d = { decode, sizeof(struct userpass_request) };
	const struct userpass_request *got;
	struct verdict v;

	if (size > USERPASS_REQUEST_MAX + 8)
		return -1;
	v = decoder_must(&d, data, size);
	MUST(v.r >= 0 || (v.r == -EPROTO && v.at == 1 && data[0] != USERPASS_VERSION));
	if (v.r != 0)
		return 0;
	got = v.value;
	MUST(v.at == 3 + (size_t)got->ulen + got->plen);
	MUST(data[1] == got->ulen && data[2 + got->ulen] == got->plen);
	MUST(memcmp(got->uname, data + 2, got->ulen) == 0 && !got->uname[got->ulen]);
	MUST(memcmp(got->passwd, data + 3 + got->ulen, got->plen) == 0 && !got->passwd[got->plen]);
	return 0;
}

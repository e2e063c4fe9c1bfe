/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests: the promises of a decoder, and back to the same bytes. */
#include <errno.h>

#include "../unit/decoder.h"
#include "socks5.h"

static int decode(const uint8_t *p, size_t n, void *ret)
{
	return socks5_request_decode(p, n, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decoder d = { decode, sizeof(struct socks5_request) };
	const struct socks5_request *got;
	struct verdict v;

	if (size > SOCKS5_REQUEST_MAX + 8)
		return -1;
	v = decoder_must(&d, data, size);
	MUST(v.r >= 0 || (v.r == -EPROTO && v.at == 1) || (v.r == -EAFNOSUPPORT && v.at == 4));
	if (v.r != 0)
		return 0;
	got = v.value;
	MUST(data[0] == SOCKS5_VERSION && got->cmd == data[1]);
	must_be(got, data, v.at);
	return 0;
}

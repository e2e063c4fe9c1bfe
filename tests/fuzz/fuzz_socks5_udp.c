/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers of datagrams: the promises of a decoder, and back to the same bytes. */
#include <errno.h>

#include "../unit/decoder.h"
#include "socks5.h"

static int decode(const uint8_t *p, size_t n, void *ret)
{
	return socks5_udp_decode(p, n, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decoder d = { decode, sizeof(struct socks5_udp) };
	const struct socks5_udp *got;
	struct verdict v;

	if (size > SOCKS5_UDP_HEADER_MAX + 8)
		return -1;
	v = decoder_must(&d, data, size);
	MUST(v.r >= 0 || (v.r == -EAFNOSUPPORT && v.at == 4));
	if (v.r != 0)
		return 0;
	got = v.value;
	MUST(got->frag == data[2] && got->header_len == v.at && got->to.cmd == 0);
	must_be(&got->to, data, v.at);
	return 0;
}

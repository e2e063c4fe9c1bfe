/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Greetings: the promises of a decoder, and back to the same bytes. */
#include <errno.h>

#include "wire/socks5.h"

#include "../unit/decoder.h"
#include "fuzz.h"

static int decode(const uint8_t *p, size_t n, void *ret)
{
	return socks5_methods_decode(p, n, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decoder d = { decode, sizeof(struct socks5_methods) };
	const struct socks5_methods *got;
	struct verdict v;

	if (size > SOCKS5_METHODS_MAX + 8)
		return -1;
	v = decoder_must(&d, data, size);
	MUST(v.r >= 0 || (v.r == -EPROTO && data[0] != SOCKS5_VERSION));
	if (v.r != 0)
		return 0;
	got = v.value;
	MUST(v.at == 2 + (size_t)got->n && data[1] == got->n);
	MUST(memcmp(got->method, data + 2, got->n) == 0);
	return 0;
}

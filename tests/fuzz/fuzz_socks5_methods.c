/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Greetings (RFC 1928, section 3): the decoder's contract, and back to the same bytes. */
#include <errno.h>

#include "wire/socks5.h"

#include "fuzz_decoder.h"

FUZZ_DECODER(socks5_methods, SOCKS5_METHODS_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	(void)len;
	MUST(err == -EPROTO && p[0] != SOCKS5_VERSION);
}

static void judge_message(const struct socks5_methods *got, const uint8_t *p, size_t len)
{
	MUST(len == 2 + (size_t)got->n && p[1] == got->n);
	MUST(memcmp(got->method, p + 2, got->n) == 0);
}

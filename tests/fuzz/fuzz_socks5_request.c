/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests (RFC 1928, section 4): the decoder's contract, and back to the same bytes. */
#include <errno.h>

#include "fuzz_decoder.h"
#include "socks5.h"

FUZZ_DECODER(socks5_request, SOCKS5_REQUEST_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	(void)p;
	MUST((err == -EPROTO && len == 1) || (err == -EAFNOSUPPORT && len == 4));
}

static void judge_message(const struct socks5_request *got, const uint8_t *p, size_t len)
{
	MUST(p[0] == SOCKS5_VERSION && got->cmd == p[1] && got->flag == p[2]);
	must_be(got, p, len);
}

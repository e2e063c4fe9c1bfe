/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagram headers (RFC 1928, section 7): the decoder's contract, and back to the same bytes. */
#include <errno.h>

#include "fuzz_decoder.h"
#include "socks5.h"

FUZZ_DECODER(socks5_udp, SOCKS5_REQUEST_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	(void)p;
	MUST(err == -EAFNOSUPPORT && len == 4);
}

static void judge_message(const struct socks5_udp *got, const uint8_t *p, size_t len)
{
	MUST(got->frag == p[2] && got->header_len == len && got->to.cmd == 0 && got->to.flag == 0);
	must_be(&got->to, p, len);
}

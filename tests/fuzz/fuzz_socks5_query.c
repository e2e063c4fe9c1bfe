/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries on the control connection (draft-ietf-aft-socks-pro-v5-05): the decoder's contract. */
#include <errno.h>

#include "fuzz_decoder.h"
#include "socks5.h"

FUZZ_DECODER(socks5_query, SOCKS5_REQUEST_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	MUST((err == -EPROTO && len <= 3 && p[len - 1] != (len == 2)) ||
	     (err == -EAFNOSUPPORT && len == 4));
}

static void judge_message(const struct socks5_query *got, const uint8_t *p, size_t len)
{
	MUST(got->len == len && memcmp(p, "\0\1\0", 3) == 0);
	MUST(got->to.cmd == 0 && got->to.flag == 0);
	must_be(&got->to, p, len);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests of RFC 1929: the decoder's contract, and back to the same bytes. */
#include <errno.h>

#include "wire/userpass.h"

#include "fuzz_decoder.h"

FUZZ_DECODER(userpass_request, USERPASS_REQUEST_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	MUST(err == -EPROTO && len == 1 && p[0] != USERPASS_VERSION);
}

static void judge_message(const struct userpass_request *got, const uint8_t *p, size_t len)
{
	MUST(len == 3 + (size_t)got->ulen + got->plen);
	MUST(p[1] == got->ulen && p[2 + got->ulen] == got->plen);
	MUST(memcmp(got->uname, p + 2, got->ulen) == 0 && !got->uname[got->ulen]);
	MUST(memcmp(got->passwd, p + 3 + got->ulen, got->plen) == 0 && !got->passwd[got->plen]);
}

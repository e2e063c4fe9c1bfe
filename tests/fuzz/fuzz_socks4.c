/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOCKS 4 and 4a requests: the decoder's contract, and back to the same bytes. */
#include <errno.h>

#include "wire/socks4.h"

#include "fuzz_decoder.h"

FUZZ_DECODER(socks4_request, SOCKS4_REQUEST_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	(void)p;
	MUST((err == -EPROTO && len == 1) || (err == -EMSGSIZE && len >= 264));
}

static void judge_message(const struct socks4_request *got, const uint8_t *p, size_t len)
{
	uint8_t out[SOCKS4_REPLY_LEN];
	size_t user = strlen(got->user);

	MUST(p[0] == SOCKS4_VERSION && got->cmd == p[1]);
	MUST(memcmp(got->user, p + 8, user + 1) == 0);
	MUST(got->port == (p[2] << 8 | p[3]));
	if (got->addr.sa.sa_family == AF_UNSPEC) {
		MUST(memcmp(p + 4, "\0\0\0", 3) == 0 && p[7] != 0);
		MUST(len == 8 + user + 1 + (size_t)got->namelen + 1);
		MUST(memcmp(got->name, p + 8 + user + 1, (size_t)got->namelen + 1) == 0);
	} else {
		socks4_reply_encode(out, SOCKS4_GRANTED, &got->addr);
		MUST(memcmp(out + 2, p + 2, 6) == 0);
		MUST(len == 8 + user + 1 && !got->namelen && !got->name[0]);
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* socks5.h - compares the address of a request or datagram with the bytes it was read from. */
#ifndef FUZZ_SOCKS5_H
#define FUZZ_SOCKS5_H

#include "wire/socks5.h"

#include "fuzz.h"

/* Encodes the message again and compares all but RSV; of a mapped address, its IPv4 part. */
static inline void must_be(const struct socks5_request *got, const uint8_t *p, size_t len)
{
	uint8_t out[SOCKS5_REPLY_MAX];
	size_t n = socks5_reply_encode(out, SOCKS5_REP_SUCCEEDED, 0, &got->addr);

	MUST(got->atyp == p[3]);
	MUST(got->port == (p[len - 2] << 8 | p[len - 1]));
	if (got->atyp == SOCKS5_ATYP_NAME) {
		MUST(len == 7 + (size_t)got->namelen && p[4] == got->namelen);
		MUST(memcmp(got->name, p + 5, got->namelen) == 0);
		MUST(got->addr.sa.sa_family == AF_UNSPEC);
	} else if (got->atyp == SOCKS5_ATYP_IPV6 && got->addr.sa.sa_family == AF_INET) {
		MUST(len == 22 && memcmp(p + 4, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0);
		MUST(n == 10 && memcmp(out + 4, p + 16, 6) == 0);
	} else {
		MUST(n == len && memcmp(out + 3, p + 3, len - 3) == 0);
	}
	MUST(got->atyp == SOCKS5_ATYP_NAME || addr_port(&got->addr) == got->port);
}

#endif

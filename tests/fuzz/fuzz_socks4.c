/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOCKS 4 and 4a requests: the promises of a decoder, and back to the same bytes. */
#include <errno.h>

#include "wire/socks4.h"

#include "../unit/decoder.h"
#include "fuzz.h"

static int decode(const uint8_t *p, size_t n, void *ret)
{
	return socks4_request_decode(p, n, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decoder d = { decode, sizeof(struct socks4_request) };
	uint8_t out[SOCKS4_REPLY_LEN];
	const struct socks4_request *got;
	struct verdict v;
	size_t user;

	if (size > SOCKS4_REQUEST_MAX + 8)
		return -1;
	v = decoder_must(&d, data, size);
	MUST(v.r >= 0 || (v.r == -EPROTO && v.at == 1) || (v.r == -EMSGSIZE && v.at >= 264));
	if (v.r != 0)
		return 0;
	got = v.value;
	user = strlen(got->user);
	MUST(data[0] == SOCKS4_VERSION && got->cmd == data[1]);
	MUST(memcmp(got->user, data + 8, user + 1) == 0);
	MUST(got->port == (data[2] << 8 | data[3]));
	if (got->addr.sa.sa_family == AF_UNSPEC) {
		MUST(memcmp(data + 4, "\0\0\0", 3) == 0 && data[7] != 0);
		MUST(v.at == 8 + user + 1 + (size_t)got->namelen + 1);
		MUST(memcmp(got->name, data + 8 + user + 1, (size_t)got->namelen + 1) == 0);
	} else {
		socks4_reply_encode(out, SOCKS4_GRANTED, &got->addr);
		MUST(memcmp(out + 2, data + 2, 6) == 0);
		MUST(v.at == 8 + user + 1 && !got->namelen && !got->name[0]);
	}
	return 0;
}

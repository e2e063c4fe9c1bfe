/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PROXY headers: the promises of a decoder; a version 1 line, written again, is the same. */
#include <errno.h>

#include "wire/proxyhdr.h"

#include "../unit/decoder.h"
#include "fuzz.h"

static int decode(const uint8_t *p, size_t n, void *ret)
{
	return proxyhdr_decode(p, n, ret);
}

static bool is_internet(const union endpoint *e)
{
	return e->sa.sa_family == AF_INET || e->sa.sa_family == AF_INET6;
}

/* Writes a line from what was read, and reads that. */
static void again(const struct decoder *d, const struct proxyhdr *h)
{
	char line[160], src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];
	struct proxyhdr copy = *h;
	const struct proxyhdr *got;
	struct verdict v;
	int len;

	addr_format_host(&h->src, src);
	addr_format_host(&h->dst, dst);
	len = snprintf(line, sizeof(line), "PROXY TCP%c %s %s %u %u\r\n",
		h->src.sa.sa_family == AF_INET ? '4' : '6', src, dst, addr_port(&h->src),
		addr_port(&h->dst));
	v = decoder_must(d, (const uint8_t *)line, (size_t)len);
	MUST(v.r == 0 && v.at == (size_t)len);
	got = v.value;
	MUST(!got->local && got->skip == 0);
	MUST(addr_same(&got->src, &copy.src) && addr_same(&got->dst, &copy.dst));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decoder d = { decode, sizeof(struct proxyhdr) };
	const struct proxyhdr *got;
	struct verdict v;

	if (size > PROXYHDR_MAX + 8)
		return -1;
	v = decoder_must(&d, data, size);
	MUST(v.r >= 0 || v.r == -EPROTO || v.r == -EINVAL || v.r == -EMSGSIZE);
	MUST(v.r > 0 ? size + (size_t)v.r <= PROXYHDR_MAX : v.at <= PROXYHDR_MAX);
	if (v.r != 0)
		return 0;
	got = v.value;
	MUST(is_internet(&got->src) == is_internet(&got->dst));
	MUST(!got->local || !is_internet(&got->src));
	MUST(got->skip <= UINT16_MAX && (data[0] != 'P' || got->skip == 0));
	if (got->src.sa.sa_family == got->dst.sa.sa_family && is_internet(&got->src))
		again(&d, got);
	return 0;
}

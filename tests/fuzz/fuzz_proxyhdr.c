/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PROXY headers: the decoder's contract; a line of version 1, written again, reads the same. */
#include <errno.h>

#include "wire/proxyhdr.h"

#include "fuzz_decoder.h"

FUZZ_DECODER(proxyhdr, PROXYHDR_MAX)

static bool is_internet(const union endpoint *e)
{
	return e->sa.sa_family == AF_INET || e->sa.sa_family == AF_INET6;
}

/* Writes a line from what was read, and reads that line. */
static void must_read_back(const struct proxyhdr *h)
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
	v = decoder_must(&proxyhdr_decoder, (const uint8_t *)line, (size_t)len);
	MUST(v.r == 0 && v.at == (size_t)len);
	got = v.value;
	MUST(!got->local && got->skip == 0);
	MUST(addr_same(&got->src, &copy.src) && addr_same(&got->dst, &copy.dst));
}

static void judge_error(int err, const uint8_t *p, size_t len)
{
	(void)p;
	(void)len;
	MUST(err == -EPROTO || err == -EINVAL || err == -EMSGSIZE);
}

static void judge_message(const struct proxyhdr *got, const uint8_t *p, size_t len)
{
	(void)len;
	MUST(is_internet(&got->src) == is_internet(&got->dst));
	MUST(!got->local || !is_internet(&got->src));
	MUST(got->skip <= UINT16_MAX && (p[0] != 'P' || got->skip == 0));
	if (got->src.sa.sa_family == got->dst.sa.sa_family && is_internet(&got->src))
		must_read_back(got);
}

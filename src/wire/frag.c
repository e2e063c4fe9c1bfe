/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts fragments together (RFC 1928 section 7). Drops the whole of a sequence that can't be
 * completed. Never joins bytes of two sequences that can be told apart.
 */
#include "wire/frag.h"

#include <errno.h>
#include <string.h>

void frag_init(struct frag *f, uint8_t *buf, size_t size)
{
	memset(f, 0, sizeof(*f));
	f->buf = buf;
	f->size = size;
}

static bool same_dest(const struct socks5_request *a, const struct socks5_request *b)
{
	if (a->atyp != SOCKS5_ATYP_NAME)
		return addr_same(&a->addr, &b->addr);
	return a->atyp == b->atyp && a->port == b->port && a->namelen == b->namelen &&
	       memcmp(a->name, b->name, a->namelen) == 0;
}

static bool is_repetition(const struct frag *f, const uint8_t *data, size_t len)
{
	return f->fill - f->last == len && (!len || memcmp(f->buf + f->last, data, len) == 0);
}

static int give_up(struct frag *f)
{
	f->highest = 0;
	return -EINVAL;
}

static int pass_on(struct frag *f, const struct socks5_request *to, const uint8_t *data, size_t len)
{
	f->highest = 0;
	f->to = to;
	f->data = data;
	f->len = len;
	return 0;
}

int frag_add(struct frag *f, const struct socks5_udp *hdr, const uint8_t *data, size_t len,
	     int64_t now_ms)
{
	uint8_t position = hdr->frag & FRAG_POSITION;

	if (f->highest && now_ms >= f->deadline_ms)
		f->highest = 0;
	if (hdr->frag == 0 || hdr->frag == (FRAG_END | 1))
		return pass_on(f, &hdr->to, data, len);
	if (position == 0)
		return -EINVAL;
	if (position == 1) {
		f->highest = 0;
		f->fill = 0;
		f->dest = hdr->to;
		f->deadline_ms = now_ms + FRAG_TIMEOUT_MS;
	} else if (position == f->highest && same_dest(&f->dest, &hdr->to) &&
		   is_repetition(f, data, len)) {
		return -EINVAL;
	}
	if (position != f->highest + 1 || !same_dest(&f->dest, &hdr->to) || len > f->size - f->fill)
		return give_up(f);
	f->last = f->fill;
	if (len)
		memcpy(f->buf + f->fill, data, len);
	f->fill += len;
	f->highest = position;
	return hdr->frag & FRAG_END ? pass_on(f, &f->dest, f->buf, f->fill) : -EAGAIN;
}

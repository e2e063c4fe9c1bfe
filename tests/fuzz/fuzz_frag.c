/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reassembly, compared with a log of all datagrams: a whole one consists of the log's last
 * fragments, positions 1 to the end, with only ignored ones between; and whenever the log ends with
 * such fragments one after the other, they make a whole one.
 *
 * The input is a list of datagrams: FRAG, destination and milliseconds since the last, length,
 * bytes.
 */
#include <errno.h>
#include <stdbool.h>

#include "wire/frag.h"

#include "fuzz.h"

enum { LOG_MAX = 256, BUFFER = 64 };

struct entry {
	uint8_t frag, to;
	int64_t at_ms;
	const uint8_t *data;
	size_t len;
	int r;
};

static struct entry entries[LOG_MAX];

static struct socks5_udp header(uint8_t frag, uint8_t to)
{
	struct socks5_udp h = { .frag = frag };

	h.to.atyp = to & 1 ? SOCKS5_ATYP_NAME : SOCKS5_ATYP_IPV4;
	h.to.port = to & 2 ? 53 : 54;
	if (to & 1) {
		h.to.namelen = 1;
		h.to.name[0] = 'x';
	} else {
		addr_set_ipv4(&h.to.addr, (const uint8_t *)"\xc0\0\2\7", h.to.port);
	}
	return h;
}

/* Walks back from the last entry, which ended a datagram, and compares its bytes from the end. */
static void must_be_logged(const struct frag *f, const struct entry *last)
{
	const struct entry *e = last;
	size_t left = f->len;
	int want = last->frag & FRAG_POSITION;

	for (; want > 0; e--) {
		MUST(e >= entries);
		MUST(e->r != 0 || e == last);
		if (e->r == -EINVAL) {
			MUST(e->frag == FRAG_END || (e->frag & FRAG_POSITION) == want);
			continue; /* ignored: no fragment, or a repeated one */
		}
		MUST((e->frag & FRAG_POSITION) == want && e->to == last->to);
		MUST(e->len <= left && last->at_ms - e->at_ms < FRAG_TIMEOUT_MS);
		left -= e->len;
		MUST(!e->len || memcmp(f->data + left, e->data, e->len) == 0);
		want--;
	}
	MUST(left == 0);
}

/* True if the log ends with a whole sequence, with nothing between, within time and size. */
static bool is_whole(const struct entry *last)
{
	const struct entry *e = last;
	size_t sum = 0;

	if (!(last->frag & FRAG_END) || last->frag == FRAG_END)
		return false;
	for (int want = last->frag & FRAG_POSITION; want > 0; want--, e--) {
		if (e < entries || e->to != last->to || last->at_ms - e->at_ms >= FRAG_TIMEOUT_MS)
			return false;
		if (e->frag != want && (e != last || e->frag != (FRAG_END | want)))
			return false;
		sum += e->len;
	}
	return sum <= BUFFER || last->frag == (FRAG_END | 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buf[BUFFER];
	struct frag f;
	int64_t now_ms = 0;

	frag_init(&f, buf, sizeof(buf));
	for (size_t i = 0; i < LOG_MAX && size >= 3; i++) {
		struct entry *e = &entries[i];
		struct socks5_udp h;

		now_ms += (data[1] >> 2) * 100;
		*e = (struct entry){ data[0], data[1] & 3, now_ms, data + 3, data[2] % 80, 0 };
		if (e->len > size - 3)
			e->len = size - 3;
		data += 3 + e->len;
		size -= 3 + e->len;
		h = header(e->frag, e->to);
		e->r = frag_add(&f, &h, e->data, e->len, now_ms);
		MUST(e->r == 0 || e->r == -EAGAIN || e->r == -EINVAL);
		MUST(!is_whole(e) || e->r == 0);
		MUST((e->frag & FRAG_END) == 0 || e->r != -EAGAIN);
		if (e->r != 0)
			continue;
		MUST(memcmp(f.to, &h.to, sizeof(h.to)) == 0);
		if (e->frag == 0)
			MUST(f.data == e->data && f.len == e->len);
		else
			must_be_logged(&f, e);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes datagrams to the client, wrapped if it wraps its own, from hosts that the client has sent
 * to. Drops those of all other hosts, whatever port they hit.
 */
#include "udp/flow.h"

#include <string.h>

/* Has the client sent to this host by this way? */
static bool is_awaited(struct udp_flow *f, const union endpoint *from, int way)
{
	const struct udp_entry *e;
	union endpoint host = *from;

	addr_set_port(&host, 0);
	e = udp_table_find(&f->hosts, &host);
	return e && (e->value & 1 << way);
}

/*
 * Wraps n bytes at p, and puts the result into the datagram's buffer, which begins at room. Returns
 * its length, or -errno.
 */
static ssize_t wrap(struct udp_flow *f, const uint8_t *p, size_t n, uint8_t *room)
{
	struct datagram_layer *l = f->a->layer;
	ssize_t len = l->wrap(l, p, n, f->scratch, UDP_LARGEST);

	if (len >= 0)
		memcpy(room, f->scratch, (size_t)len);
	return len;
}

/* Writes the header in front of the payload, into the room that was left there. */
static void append(struct udp_flow *f, const union endpoint *from, uint8_t *payload, size_t len)
{
	uint8_t header[UDP_HEADROOM], *p;
	size_t n = socks5_udp_encode(header, from);
	ssize_t whole = (ssize_t)(n + len);

	p = memcpy(payload - n, header, n);
	if (f->a->layer) {
		uint8_t *room = payload - UDP_HEADROOM;

		whole = wrap(f, p, n + len, room);
		p = room;
	}
	if (whole < 0)
		f->total.trouble = strerror((int)-whole);
	else
		udp_batch_append(&f->down, NULL, p, (size_t)whole, len);
}

int udp_flow_down(struct udp_flow *f, int i)
{
	struct udp_batch *in = &f->in;
	struct udp_sent sent = { 0 };
	int err = udp_batch_receive(f->a->way[i / 2].fd[i % 2], in, &f->buffer);

	if (err < 0)
		return err;
	for (unsigned k = 0; k < in->n; k++)
		if (is_awaited(f, &in->addr[k], i / 2))
			append(f, &in->addr[k], in->iov[k].iov_base, in->iov[k].iov_len);
	err = udp_batch_send(f->a->fd, &f->down, &sent);
	udp_flow_count(f, UDP_DOWN, i / 2, &sent);
	return err;
}

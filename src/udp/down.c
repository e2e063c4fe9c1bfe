/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes datagrams to the client, from hosts that the client has sent to. Drops those of all other
 * hosts, whatever port they hit.
 */
#include "udp/flow.h"

#include <string.h>

static bool is_awaited(struct udp_flow *f, const union endpoint *from)
{
	union endpoint host = *from;

	addr_set_port(&host, 0);
	return udp_table_find(&f->hosts, &host);
}

/* Writes the header in front of the payload, into the room that was left there. */
static size_t wrap(struct udp_flow *f, const union endpoint *from, uint8_t *payload, size_t len)
{
	uint8_t header[UDP_HEADROOM];
	size_t n = socks5_udp_encode(header, from);

	memcpy(payload - n, header, n);
	udp_batch_append(&f->down, NULL, payload - n, len + n);
	return n;
}

int udp_flow_down(struct udp_flow *f, int i)
{
	struct udp_batch *in = &f->in;
	struct udp_sent sent = { 0 };
	size_t header = 0; /* length, the same for all addresses of one family */
	int err = udp_batch_receive(f->a->upstream[i], in, &f->buffer);

	if (err < 0)
		return err;
	for (unsigned k = 0; k < in->n; k++)
		if (is_awaited(f, &in->addr[k]))
			header = wrap(f, &in->addr[k], in->iov[k].iov_base, in->iov[k].iov_len);
	err = udp_batch_send(f->a->fd, &f->down, &sent);
	udp_flow_count(f, UDP_DOWN, &sent, sent.bytes - sent.datagrams * header);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts what both directions pass on: bytes, the latest loss, and the pauses of --rate. */
#include "udp/flow.h"

#include <string.h>

/* Of IP and UDP: what --rate counts for a datagram besides its payload. */
enum { HEADERS = 28 };

void udp_flow_count(struct udp_flow *f, int direction, int way, const struct udp_sent *sent)
{
	uint64_t rate = f->a->way[way].rate;
	int64_t now_us = f->now_ms * 1000, *ready = &f->ready_us[direction];

	if (sent->err)
		f->total.trouble = strerror(-sent->err);
	if (!sent->datagrams)
		return;
	f->moved_ms = f->now_ms;
	if (direction == UDP_UP)
		f->total.sent += sent->payload;
	else
		f->total.received += sent->payload;
	if (!rate)
		return;
	if (*ready < now_us)
		*ready = now_us;
	*ready += (int64_t)((sent->payload + sent->datagrams * HEADERS) * 1000000 / rate);
}

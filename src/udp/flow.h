/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two directions of a UDP association: from the client to its destinations, and back. */
#ifndef UDP_FLOW_H
#define UDP_FLOW_H

#include "udp/association.h"
#include "udp/table.h"
#include "wire/frag.h"

enum { UDP_UP, UDP_DOWN };

/* All that an association knows. */
struct udp_flow {
	const struct udp_association *a;
	bool pinned; /* client is known, and the relay socket connected to it */
	union endpoint client;
	int64_t now_ms;	     /* set before each call */
	int64_t moved_ms;    /* when something was passed on */
	int64_t ready_us[2]; /* --rate: the direction pauses until then */
	struct udp_result total;
	struct udp_batch in;	/* what came */
	struct udp_batch up[2]; /* on its way to IPv4 and IPv6 destinations */
	struct udp_batch down;	/* on its way to the client */
	struct udp_buffer buffer;
	struct udp_table hosts;	    /* that the client has sent to; port 0 */
	struct udp_table decisions; /* of the rules, about destinations without a name */
	struct udp_names names;
	struct frag frag;
	uint8_t frag_buffer[FRAG_BUFFER_SIZE];
};

/*
 * Takes note of what was passed on, payload bytes of it, and lets --rate have its way: a datagram
 * costs its payload and 28 bytes, so that an empty one is not for nothing.
 */
void udp_flow_count(struct udp_flow *f, int direction, const struct udp_sent *sent,
		    uint64_t payload);

/* Passes on what the client has sent. Returns 0, or the errors of udp_batch_receive() and
 * udp_batch_send(). */
int udp_flow_up(struct udp_flow *f);

/* Passes on datagrams whose names have become known. The same errors. */
int udp_flow_names(struct udp_flow *f);

/* Passes on what came to the upstream socket i. The same errors. */
int udp_flow_down(struct udp_flow *f, int i);

#endif

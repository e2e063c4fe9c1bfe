/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two directions of a UDP association, and the state that they share:
 *
 *	client          relay socket a->fd     upstream sockets of a->way[]        hosts
 *	                                              +----------------+
 *	    header, payload       +----+   UDP_UP     |  [0] for IPv4  |    payload
 *	  ----------------------> |    | -----------> |  [1] for IPv6  | ------------->
 *	                          | fd |              |                |
 *	  <---------------------- |    | <----------- |                | <-------------
 *	    header, payload       +----+   UDP_DOWN   +----------------+    payload
 *
 *	control connection a->control: its end is the end of the association; queries.c answers the
 *	client's queries on it, if the association has them
 *
 * Each way has two such sockets. In up[] and for udp_flow_down(), they are numbered: 2 * way, and 1
 * more for IPv6. The rule that allows a destination says which way its datagrams take.
 *
 * If the client wraps its datagrams (a->layer), each one to and from fd is header and payload in
 * one wrapping. None of them is longer than UDP_LARGEST.
 */
#ifndef UDP_FLOW_H
#define UDP_FLOW_H

#include "udp/association.h"
#include "udp/queries.h"
#include "udp/table.h"
#include "wire/frag.h"

enum { UDP_UP, UDP_DOWN };

enum { UDP_LARGEST = 65507 /* over IPv4: 65535 less the headers of IP and UDP */ };

/* The whole state of an association. */
struct udp_flow {
	const struct udp_association *a;
	bool pinned; /* client is known, and the relay socket is connected to it */
	union endpoint client;
	int64_t now_ms;	     /* set before each call */
	int64_t moved_ms;    /* when a datagram was last passed on */
	int64_t ready_us[2]; /* --rate: the direction pauses until then */
	struct udp_result total;
	struct udp_batch in; /* as received */
	struct udp_batch up[2 * UDP_WAYS_MAX];
	struct udp_batch down; /* to the client */
	struct udp_buffer buffer;
	/* That the client has sent to, at port 0, with a bit for each way. */
	struct udp_table hosts;
	/* As a->allows() returns them, for destinations without a name. */
	struct udp_table decisions;
	struct udp_names names;
	struct udp_queries queries;
	struct frag frag;
	uint8_t frag_buffer[FRAG_BUFFER_SIZE];
	uint8_t scratch[UDP_PAYLOAD]; /* the output of a->layer, until it is copied back */
};

/*
 * Counts the datagrams sent in this direction. Applies the rate of their way: a datagram costs its
 * payload and 28 bytes of headers, so an empty one is not free.
 */
void udp_flow_count(struct udp_flow *f, int direction, int way, const struct udp_sent *sent);

/*
 * Passes on the datagrams that the client has sent. Returns 0, or the errors of udp_batch_receive()
 * and udp_batch_send().
 */
int udp_flow_up(struct udp_flow *f);

/*
 * Finds the host to which the client may send at this destination; data is for it, as
 * udp_names_find() takes it. Returns 0; an error of addr_from_name() or udp_names_find();
 * -EAFNOSUPPORT if there is no socket of this family; or -EACCES if the rules deny it.
 */
int udp_flow_find(struct udp_flow *f, const struct socks5_request *to, const uint8_t *data,
		  size_t len, struct udp_target *ret);

/* Passes on the datagrams whose names have become known. Returns the same. */
int udp_flow_names(struct udp_flow *f);

/* Passes on the datagrams that came to the upstream socket with number i. Returns the same. */
int udp_flow_down(struct udp_flow *f, int i);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The queries of a client that has asked for INTERFACE REQUEST (draft-ietf-aft-socks-pro-v5-05):
 * what comes on the control connection of an association, and the answers to it.
 *
 *	               read      +-----------+    one after another     +-----------+     write
 *	control  --------------> |    in     | -----------------------> |    out    | ---------->
 *	connection               +-----------+   udp_flow_find(),       +-----------+
 *	                                         a->seen(), a->reply()
 *
 * Queries are answered in their order, so a name that is being looked up holds up the queries
 * behind it; it holds up no datagram. If the client does not read, out becomes full, then in, and
 * then nothing more is read. A byte with which no query begins is skipped. So the bytes alone
 * decide what is a query, and not the pieces in which they arrive.
 */
#ifndef UDP_QUERIES_H
#define UDP_QUERIES_H

#include "wire/socks5.h"

#include <poll.h>

enum {
	UDP_QUERIES_IN = 1024, /* the longest query has 262 bytes */
	UDP_QUERIES_OUT = 512,
	UDP_QUERIES_AT_ONCE = 8, /* then datagrams have their turn */
};

/* Must be zero at first. */
struct udp_queries {
	size_t n_in, n_out;
	int64_t until_ms; /* how long the first query waits for its name; 0: it does not wait */
	bool more;	  /* in may hold another query that can be answered now */
	bool blocked;	  /* the descriptor took no more when it was last written to */
	uint8_t in[UDP_QUERIES_IN];
	uint8_t out[UDP_QUERIES_OUT];
};

struct udp_flow;

/* Fills the events to poll for; *out is the descriptor of the output if that is another one. */
void udp_queries_poll(const struct udp_flow *f, struct pollfd *in, struct pollfd *out);

/*
 * Reads what has come. Returns 0; 1 if the control connection has ended; or another -errno. in and
 * out are those of udp_queries_poll(), polled.
 */
int udp_queries_read(struct udp_flow *f, const struct pollfd *in, const struct pollfd *out);

/* Answers some queries, and sends the answers as far as the client takes them. Returns 0 or -errno.
 */
int udp_queries_answer(struct udp_flow *f);

/* Returns when udp_queries_answer() must be called, if no event comes before. */
int64_t udp_queries_deadline(const struct udp_flow *f);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes datagrams between one client and the hosts that it addresses, until the control connection
 * ends (RFC 1928 section 7). flow.h draws the sockets. The way of a datagram from the client:
 *
 *	1. batch.c receives it at the relay socket, with the others that are there;
 *	2. up.c drops it unless it comes from the client, unwraps it if the client wraps its
 *	   datagrams, and decodes its header;
 *	3. wire/frag.c keeps it if it is a fragment, until the datagram is whole;
 *	4. the rules judge its destination; names.c finds the address of a name, and keeps the
 *	   datagram while the name is looked up for the first time;
 *	5. table.c remembers the host, and batch.c sends the payload to it.
 *
 * The way back: batch.c receives it at an upstream socket; down.c drops it unless the client has
 * sent to its host, puts a header in front, and wraps both; batch.c sends it to the client.
 *
 * What comes on the control connection is dropped, or, if the association has seen(), read as
 * queries by queries.c.
 */
#ifndef UDP_ASSOCIATION_H
#define UDP_ASSOCIATION_H

#include "base/stream.h"
#include "udp/names.h"
#include "wire/socks5.h"

/* A way out: the sockets of one route. */
struct udp_way {
	int fd[2];	    /* for IPv4 and IPv6 destinations; -1: none of this family */
	const char *why[2]; /* in words, why there is none */
	uint64_t rate;	    /* bytes per second each way; 0: unlimited */
};

enum { UDP_WAYS_MAX = 8 };

/*
 * Finds the address and port as which this host sees the datagrams from that socket of the way with
 * this number. Returns 0 or -errno.
 */
typedef int udp_seen(void *ctx, int way, int fd, const union endpoint *host, union endpoint *ret);

/* Returns the reply to a query that failed with this negative errno. */
typedef enum socks5_rep udp_reply(void *ctx, int err);

struct udp_association {
	struct stream control;
	struct datagram_layer *layer; /* wraps all datagrams of the client; NULL: nothing */
	int fd;			      /* the relay socket, to which the client sends */
	struct udp_way way[UDP_WAYS_MAX];
	int ways;	       /* one or more */
	union endpoint client; /* the address it sends from; AF_UNSPEC: any loopback address */
	uint16_t client_port;  /* as announced by the client; 0: that of its first valid datagram */
	udp_allows *allows;    /* the rules; asked about the same address again after a minute */
	udp_seen *seen;	       /* for the answers to queries; NULL: the client may send none */
	udp_reply *reply;      /* if there is a seen() */
	void *ctx;	       /* of the three functions */
	enum net_family family; /* of the names that are looked up */
	int64_t patience_ms;	/* how long a datagram waits for its name; 0: without limit */
	int64_t idle_ms;	/* without a datagram or an answer; 0: without limit */
};

struct udp_result {
	uint64_t sent, received; /* bytes of payload passed on */
	const char *trouble;	 /* in words, why datagrams were lost most recently; or NULL */
};

/*
 * Tunes a socket of an association before it is used. An IPv6 socket takes IPv6 alone; datagrams
 * too large for the path are fragmented, not refused; the buffers have room for bursts. Best
 * effort.
 */
void udp_tune(int fd, int family);

/*
 * Runs the association to its end, then closes its sockets. Connects the relay socket to the
 * client's address and port when its first valid datagram comes. Returns 0 at the end of the
 * control connection; -ECONNRESET; -ETIMEDOUT (idle), -ETIME (lifetime), -EINTR (asked to stop);
 * -EBADMSG if the control connection broke its layer; or another -errno. Call it once per process:
 * its memory is not given back.
 */
int udp_run(const struct udp_association *a, struct udp_result *ret);

#endif

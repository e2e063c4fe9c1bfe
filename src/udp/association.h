/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes datagrams between one client and the hosts that it addresses, until the control connection
 * ends (RFC 1928 section 7).
 */
#ifndef UDP_ASSOCIATION_H
#define UDP_ASSOCIATION_H

#include "base/stream.h"
#include "udp/names.h"

struct udp_association {
	struct stream control;
	int fd;		       /* where the client sends to; connected by the relay */
	int upstream[2];       /* for IPv4 and IPv6 destinations; -1: none of this family */
	union endpoint client; /* where it sends from; AF_UNSPEC: any loopback address */
	uint16_t client_port;  /* that it announced; 0: that of its first valid datagram */
	udp_allows *allows;    /* the rules: may be asked again about the same after a minute */
	void *ctx;
	enum net_family family; /* of the names that are looked up */
	int64_t patience_ms;	/* how long a datagram waits for its name; 0: for ever */
	int64_t idle_ms;	/* no datagram in either direction; 0: no limit */
	uint64_t rate;		/* bytes per second each way; 0: unlimited */
};

struct udp_result {
	uint64_t sent, received; /* bytes of payload passed on */
	const char *trouble;	 /* why the latest datagrams were lost that were, or NULL */
};

/*
 * Tunes a socket of an association before it is used: IPv6 alone, or IPv4; large datagrams are
 * fragmented, not refused; room for bursts. Best effort.
 */
void udp_tune(int fd, int family);

/*
 * Runs the association to its end, and closes its three sockets then. Returns 0 at the end of the
 * control connection; -ECONNRESET; -ETIMEDOUT (idle), -ETIME (lifetime), -EINTR (asked to stop),
 * or another -errno. Works on memory that stays: once a process.
 */
int udp_run(const struct udp_association *a, struct udp_result *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a parent, a proxy that the connection goes through, to connect to the destination: as a
 * client of SOCKS 5 (RFC 1928, RFC 1929) or of HTTP's CONNECT (RFC 9110 section 9.3.6).
 */
#ifndef NET_PARENT_H
#define NET_PARENT_H

#include "rules/route.h"
#include "wire/socks5.h"

/* What the parent said, and how it is told to our client. */
struct parent_answer {
	uint8_t rep;	      /* reply for a client of SOCKS 5, enum socks5_rep */
	bool has_code;	      /* the parent has refused by this code: */
	uint16_t code;	      /* its own reply, or its status of HTTP */
	union endpoint bound; /* the address that the parent connects from; AF_UNSPEC: not told */
	const char *why;      /* the failure in words, a constant string; NULL: there is none */
};

/*
 * Connects to the unix socket of a parent; if its backlog is full, tries again until the deadline.
 * Gives up when the client, at the descriptor watch (-1: none), has left. Returns a connected
 * non-blocking socket; -ECONNABORTED if the client has left; -ETIMEDOUT if the backlog was full
 * until the deadline; another error of wait_poll(); or another -errno.
 */
int parent_dial_path(const struct route_text *path, int watch, int64_t deadline_ms);

/*
 * Asks the parent at this connected, non-blocking socket. Bytes that follow its answer stay in the
 * socket. Gives up when the client, at the descriptor watch, has left. Returns 0 if the parent has
 * connected; -EREMOTEIO if it has not: then *ret says why; -EPROTO if its answer is malformed
 * (ret->why); -ECONNRESET if it closes; -ECONNABORTED if the client has left; or an error of
 * wait_poll().
 */
int parent_ask(int fd, const struct parent *parent, const struct dest *dest, int watch,
	       int64_t deadline_ms, struct parent_answer *ret);

#endif

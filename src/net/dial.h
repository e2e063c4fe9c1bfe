/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connects to one of several addresses (RFC 8305). */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "net/resolve.h"
#include "net/socket.h"

/* How it went; of no meaning before dial() returns. */
struct dialled {
	union endpoint peer; /* the address reached, or the one whose error is returned */
	const char *step;    /* the setting that failed before connecting; NULL: connecting did */
};

/*
 * Tries the candidates in their order, the next one as soon as one fails and at the latest 250 ms
 * after the one before it; the first that connects wins. Gives up when the client, at the
 * descriptor watch, has left. Returns a connected non-blocking socket; or -errno: the most
 * telling of the attempts' errors, -ECONNABORTED if the client has left, or an error of
 * wait_poll().
 */
int dial(const struct candidates *c, const struct net_options *o, int watch, int64_t deadline_ms,
	 struct dialled *ret);

#endif

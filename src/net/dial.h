/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connects to one of several addresses by the race of RFC 8305 ("Happy Eyeballs"). An attempt
 * starts at once when another one fails, and at the latest 250 ms after the one before it. The
 * first that connects wins, and the others are closed:
 *
 *	0 ms          250 ms        500 ms
 *	|             |             |
 *	connect to a, no answer . . . . . . . . . . . . . . . closed
 *	              connect to b, refused
 *	                     connect to c . . . . . . . . . . connected: c is returned
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "net/resolve.h"
#include "net/socket.h"

/* How the race ended. Not valid before dial() returns. */
struct dialled {
	union endpoint peer; /* the address reached, or the one whose error is returned */
	const char *step;    /* the setting that failed first; NULL: connect(2) failed */
	size_t winner;	     /* its index, if one was reached */
	size_t tried;	     /* addresses, if none was reached */
};

/*
 * Connects to one of the candidates, which are tried in their order. Gives up when the client, at
 * the descriptor watch, has left. Returns a connected non-blocking socket; or -errno: of the errors
 * of the attempts, the one that says most; -ECONNABORTED if the client has left; or an error of
 * wait_poll().
 */
int dial(const struct candidates *c, const struct net_options *o, int watch, int64_t deadline_ms,
	 struct dialled *ret);

#endif

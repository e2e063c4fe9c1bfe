/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The routes of a UDP association. The rules say a route for each destination, so the association
 * opens the sockets of every route by which this client's datagrams may leave.
 */
#ifndef CMD_UDP_H
#define CMD_UDP_H

#include "session.h"
#include "udp/association.h"

struct datagrams {
	struct session *s;
	struct udp_association a;
	const struct net_options *net[UDP_WAYS_MAX]; /* of a.way */
	bool parents;	     /* a rule that may allow datagrams has a parent as its route */
	bool unreached;	     /* or `same`, and the address that the client reached is not known */
	const char *trouble; /* in words, why a datagram that the rules allow was lost; or NULL */
};

/*
 * Finds the routes by which the rules may allow datagrams: the verdict is theirs about the request.
 * Ends the session if it is a denial, or if no datagram can leave by any of these routes.
 */
void cmd_udp_find_routes(struct datagrams *d, enum rules_verdict verdict);

/* Ends the session, because this host can't serve it, and logs the error. */
_Noreturn void cmd_udp_fail(struct session *s, const char *error);

/* Opens the sockets of all routes. Ends the session if none can be opened. */
void cmd_udp_open_routes(struct datagrams *d);

/* Closes them. */
void cmd_udp_close_routes(struct datagrams *d);

/*
 * Returns the number of the route of the rule that has allowed this destination, s->by; open: of
 * the first rule that may allow it, once its port is known. Returns -EACCES, and the reason in
 * d->trouble, if the association does not have the route. If the destination has a name, returns
 * -EAFNOSUPPORT if the route has no socket for this address; the name may have another address.
 */
int cmd_udp_route(struct datagrams *d, const char *name, const union endpoint *to, bool open);

#endif

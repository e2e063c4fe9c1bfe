/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The routes by which the session's connections and datagrams leave. Opens nothing. */
#ifndef REACH_ROUTE_H
#define REACH_ROUTE_H

#include "session.h"

/* The slots of reach_route(): one for each address that is tried, and two more. */
enum {
	REACH_ROUTE_JUDGED = CANDIDATES_MAX, /* while the rules are asked */
	REACH_ROUTE_ARRIVED,		     /* of the peer or datagram that is judged */
	REACH_ROUTES,
};

/*
 * Returns the settings for what leaves by the rule that has allowed it last, s->by. They are
 * opt's, or a copy in this slot with the rule's route.
 */
const struct net_options *reach_route(struct session *s, size_t slot);

/*
 * Returns 0 if an address of this family can be reached by this route. Otherwise fills *why, and
 * returns -EAFNOSUPPORT if the route excludes the family, or -ENOTCONN if it has `same` and the
 * address that the client reached is not known.
 */
int reach_route_fits(const struct session *s, const struct net_options *net, int family,
		     const char **why);

/* Returns what route_alike() does of the routes in them. */
bool reach_routes_alike(const struct net_options *a, const struct net_options *b);

/* Returns true if any rule has a route. */
bool reach_has_routes(const struct session *s);

/* Ends the session: the route of the rule has `same`, and the client has reached no address. */
_Noreturn void reach_same_unknown(struct session *s);

/* Returns true if connections with these settings go through a parent. */
bool reach_has_parent(const struct net_options *net);

/* ---- for reach/ alone ---- */

/*
 * Walks through the routes of the rules: fills *ret with the next one and moves *at to it. *at is 0
 * at first. Returns false at the end.
 */
bool reach_next_route(const struct session *s, uint32_t *at, struct route *ret);

/* Puts the family first that the route of the first candidate prefers, if a rule says so. */
void reach_route_order(const struct session *s, struct candidates *c);

#endif

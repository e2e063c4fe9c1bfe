/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes of rules and of --via: where they stand, and how an allowed connection leaves by them. */
#ifndef CHECK_LEAVING_H
#define CHECK_LEAVING_H

#include "options/options.h"

/*
 * Finds the route of an allowed connection: that of the rule, completed by the options. Returns
 * true if the rule or --via says anything of it.
 */
bool leaving_find(const struct options *o, const struct rules_decision *decision,
		  struct route *ret);

/*
 * Appends the place of a rule, or of that option if the rule is NULL, and ": ". Returns the exit
 * status of a mistake there.
 */
int leaving_put_place(const struct options *o, const struct rules_where *rule, const char *option,
		      struct text *t);

/*
 * Returns 0 if the rules let some datagram of this client leave without a parent, so that UDP
 * ASSOCIATE is granted. Otherwise returns the reply: 2, or 7 if all these routes are parents.
 */
int leaving_refuses_datagrams(const struct options *o, struct rules_query query);

/*
 * Returns the family to look the name up for: that of the route of this decision, which allows the
 * name alone (NULL: none does); any, if the route of each address may say another.
 */
enum net_family leaving_family(const struct options *o, const struct rules_decision *name);

/* Appends how a connection leaves if the rules allow the name, and a parent is told it. */
void leaving_put_name(struct text *t, const struct route *route);

/*
 * Appends how a connection leaves. If a parent is told an address in place of the query's name,
 * appends why.
 */
void leaving_put(struct text *t, const struct options *o, const struct rules_query *query,
		 const struct route *route);

#endif

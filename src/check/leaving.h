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

/* Appends how a connection leaves to which the rules allow the name alone. */
void leaving_put_name(struct text *t, const struct route *route);

/* Appends how a connection leaves, and why a parent is not told the name of this query, if any. */
void leaving_put(struct text *t, const struct options *o, const struct rules_query *query,
		 const struct route *route);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an allowed connection leaves, for --explain: the route of the rule, or that of --via. */
#ifndef CHECK_LEAVING_H
#define CHECK_LEAVING_H

#include "check/asking.h"

/*
 * Finds the route of an allowed connection: that of the rule, completed by the options. Returns
 * true if the rule or --via says anything of it.
 */
bool leaving_find(const struct asking *a, const struct rules_decision *decision, struct route *ret);

/* Returns true if the route leads through a parent. */
bool leaving_has_parent(const struct route *route);

/*
 * Says how the connection to this address leaves, and what a parent is told. about NULL: it is not
 * known.
 */
void leaving_say(struct asking *a, const char *about, const struct route *route);

/*
 * If the rules allow the name alone, and the connection leaves through a parent, a session does not
 * look the name up: then says so, and returns true.
 */
bool leaving_by_name(struct asking *a);

#endif

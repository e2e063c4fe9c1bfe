/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds routes that can't be used as they are written, for --check. For rules/ alone. */
#ifndef RULES_REVIEW_ROUTE_H
#define RULES_REVIEW_ROUTE_H

#include "rules/table.h"

/* Returns why the route of the rule, or its parent, can never be used; NULL: there is no reason. */
const char *route_contradiction(const struct rule *rule);

/*
 * If the rule sends names to a parent, but an earlier rule may need the address of such a name,
 * returns that rule; otherwise NULL. Then the proxy looks the name up itself.
 */
const struct rule *route_lookup(const struct rules *rules, const struct rule *rule);

#endif

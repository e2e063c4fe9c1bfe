/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists the rules that may allow what a question leaves open. Decides nothing. */
#ifndef RULES_MAY_H
#define RULES_MAY_H

#include "rules/rules.h"

/*
 * Walks, in their order, through the allow rules that may allow what the question leaves open. Ends
 * behind the first rule, allow or deny, that holds whatever is still unknown. Fills *ret with the
 * next rule and moves *at, which must be 0 at first. Returns false at the end.
 */
bool rules_walk_open(const struct rules *rules, const struct rules_query *query, uint32_t *at,
		     struct rules_where *ret);

#endif

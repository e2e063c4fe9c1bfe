/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists the rules that may allow what a question leaves open. Decides nothing. */
#ifndef RULES_MAY_H
#define RULES_MAY_H

#include "rules/rules.h"

/*
 * Walks through the allow rules by which something could be allowed that the question leaves open,
 * in their order, up to the first rule of either verdict that holds whatever is still unknown:
 * fills *ret and moves *at, which is 0 at first. Returns false at the end.
 */
bool rules_walk_open(const struct rules *rules, const struct rules_query *query, uint32_t *at,
		     struct rules_where *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares the question with one rule after the other, as decide.c does, and remembers nothing
 * between two calls but the place of the rule.
 */
#include "rules/may.h"
#include "rules/ask.h"

#define END UINT32_MAX /* where the walk is over */

bool rules_walk_open(const struct rules *rules, const struct rules_query *query, uint32_t *at,
		     struct rules_where *ret)
{
	const struct rule *rule = NULL;
	struct rules_decision unused;
	struct ask ask;

	if (*at == END)
		return false;
	if (*at)
		rule = rules_at(rules, *at);
	ask_prepare(&ask, query);
	while ((rule = rules_next(rules, rule))) {
		bool allow = rule->verdict == RULES_ALLOW;
		enum answer answer = rule_answers(rules, rule, &ask);

		if (answer == NO || (allow && !rule_covers(rules, rule, &ask, &unused)))
			continue;
		*at = answer == YES ? END : (uint32_t)((const unsigned char *)rule - rules->memory);
		if (allow)
			*ret = rule_where(rule);
		if (allow || answer == YES)
			return allow;
	}
	*at = END;
	return false;
}

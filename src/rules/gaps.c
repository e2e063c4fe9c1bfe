/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out what a decision depends on: which parts of the question are not known, and which rules
 * ask for them. Walks through the rules as decide.c does, but decides nothing. For --explain.
 */
#include "rules/explain.h"
#include "rules/ask.h"

/* In the order in which the parts are reported for one rule. */
static const struct {
	enum rules_part part;
	enum section_kind kind;
} parts[RULES_GAPS_MAX] = {
	{ RULES_PART_TO, SECTION_TO },
	{ RULES_PART_PORT, SECTION_PORT },
	{ RULES_PART_USER, SECTION_USER },
};

struct gaps {
	unsigned n, kinds; /* kinds: 1 << enum section_kind */
	struct rules_gap gap[RULES_GAPS_MAX];
};

/* Adds those of the open sections that no earlier rule asked for. */
static void add(struct gaps *gaps, unsigned open, const struct rule *rule)
{
	for (unsigned i = 0; i < RULES_GAPS_MAX; i++) {
		unsigned kind = 1u << parts[i].kind;

		if (!(open & kind) || gaps->kinds & kind)
			continue;
		gaps->kinds |= kind;
		gaps->gap[gaps->n++] = (struct rules_gap){
			.part = parts[i].part,
			.rule = rule_where(rule),
		};
	}
}

unsigned rules_gaps(const struct rules *rules, const struct rules_query *query,
		    struct rules_gap *ret)
{
	/*
	 * The decision does not depend on the last of the open rules if their verdict is also that
	 * of the end. So keep the gaps up to the last rule of each verdict.
	 */
	struct gaps all = { 0 }, until[2] = { 0 };
	enum rules_verdict end = RULES_DENY;
	struct rules_decision unwanted;
	const struct gaps *found;
	const struct rule *rule;
	struct ask ask;

	ask_prepare(&ask, query);
	for (rule = rules_next(rules, NULL); rule; rule = rules_next(rules, rule)) {
		bool allow = rule->verdict == RULES_ALLOW;
		enum answer answer;
		unsigned open;

		ask.open = 0;
		answer = rule_answers(rules, rule, &ask);
		open = ask.open;
		if (answer == NO || (allow && !rule_covers(rules, rule, &ask, &unwanted)))
			continue;
		if (answer == YES) {
			end = (enum rules_verdict)rule->verdict;
			break;
		}
		add(&all, open, rule);
		until[allow] = all;
	}
	found = &until[end == RULES_DENY];
	for (unsigned i = 0; i < found->n; i++)
		ret[i] = found->gap[i];
	return found->n;
}

const struct rule *ask_needs_address(const struct rules *rules, struct ask *ask,
				     const struct rule *end)
{
	const struct rule *rule = rules_next(rules, NULL);

	for (; rule != end; rule = rules_next(rules, rule)) {
		enum answer answer;

		ask->open = 0;
		answer = rule_answers(rules, rule, ask);
		if (answer == YES)
			return NULL;
		if (answer == MAYBE && ask->open & 1u << SECTION_TO)
			return rule;
	}
	return NULL;
}

bool rules_needs_address(const struct rules *rules, const struct rules_query *query,
			 struct rules_where *ret)
{
	const struct rule *rule;
	struct ask ask;

	ask_prepare(&ask, query);
	rule = ask_needs_address(rules, &ask, NULL);
	if (rule)
		*ret = rule_where(rule);
	return rule;
}

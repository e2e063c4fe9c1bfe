/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds a rule that opens private networks because it does not restrict destinations. If a rule
 * names a private network, to allow or to deny it, the administrator has thought of them, and the
 * rules after it are not examined. Never decides for a session.
 */
#include "rules/private.h"
#include "rules/items.h"
#include "rules/words.h"

typedef bool item_test(enum run_kind kind, const void *item);

/* Does the test hold for one of these items, or for an item of the lists among them? */
static bool some(const struct rules *rules, struct items items, item_test *test)
{
	struct item item;

	while (items_next(&items, &item)) {
		const struct list_item *named = item.p;

		if (item.kind == RUN_LIST) {
			if (some(rules, items_of_list(rules_at(rules, named->list)), test))
				return true;
		} else if (test(item.kind, item.p)) {
			return true;
		}
	}
	return false;
}

/* Does the test hold for an item of this section? A rule without the section has no items. */
static bool rule_has(const struct rules *rules, const struct rule *rule, enum section_kind kind,
		     item_test *test)
{
	const struct section *section = rule_section(rule, kind);

	return section && some(rules, items_of(rule, section), test);
}

static unsigned groups_of(enum run_kind kind, const void *item)
{
	switch (kind) {
	case RUN_NET4:
	case RUN_NET4_SPECIAL:
		return rules_groups4(((const struct net4 *)item)->net);
	case RUN_NET6:
	case RUN_NET6_SPECIAL:
		return rules_groups6(((const struct net6 *)item)->net);
	case RUN_GROUP:
		return *(const uint32_t *)item;
	default:
		return 0;
	}
}

static bool is_all(enum run_kind kind, const void *item)
{
	if (kind == RUN_NET4)
		return ((const struct net4 *)item)->mask == 0;
	if (kind == RUN_NET6)
		return ((const struct net6 *)item)->bits == 0;
	return kind == RUN_GROUP && *(const uint32_t *)item == GROUP_ANY;
}

static bool is_private(enum run_kind kind, const void *item)
{
	return !is_all(kind, item) &&
	       (groups_of(kind, item) & (GROUP_PRIVATE | GROUPS_SPECIAL)) == GROUP_PRIVATE;
}

/* Clients on this host or in a private network reach private ones without the proxy as well. */
static bool is_remote(enum run_kind kind, const void *item)
{
	const unsigned inside = GROUP_PRIVATE | GROUP_LOCAL | GROUPS_SPECIAL;

	return is_all(kind, item) || !(groups_of(kind, item) & inside);
}

/* Every address that is not asked for by a name */
static bool is_literal(enum run_kind kind, const void *item)
{
	return kind == RUN_GROUP && *(const uint32_t *)item == GROUP_LITERAL;
}

/* Does the rule leave this section open: has it none, or one that holds everything? */
static bool is_open(const struct rules *rules, const struct rule *rule, enum section_kind kind)
{
	return !rule_section(rule, kind) || rule_has(rules, rule, kind, is_all);
}

/* Does this deny rule leave nothing to the rules after it? */
static bool ends_all(const struct rules *rules, const struct rule *rule)
{
	return rule->commands == RULES_ALL_COMMANDS && !rule_section(rule, SECTION_PORT) &&
	       !rule_section(rule, SECTION_USER) && is_open(rules, rule, SECTION_FROM) &&
	       is_open(rules, rule, SECTION_TO);
}

/* Does this allow rule open private networks to remote clients? */
static bool opens(const struct rules *rules, const struct rule *rule, bool users)
{
	if (!(rule->commands & ~(unsigned)RULES_RESOLVE))
		return false;
	if (rule_section(rule, SECTION_USER) && !users)
		return false;
	return (is_open(rules, rule, SECTION_TO) ||
		rule_has(rules, rule, SECTION_TO, is_literal)) &&
	       (!rule_section(rule, SECTION_FROM) ||
		rule_has(rules, rule, SECTION_FROM, is_remote));
}

bool rules_open_private(const struct rules *rules, bool users, struct rules_where *ret)
{
	*ret = (struct rules_where){ 0 };
	if (!rules->count)
		return users;
	for (const struct rule *rule = rules_next(rules, NULL); rule;
	     rule = rules_next(rules, rule)) {
		if (rule_has(rules, rule, SECTION_TO, is_private))
			return false;
		if (rule->verdict == RULES_DENY) {
			if (ends_all(rules, rule))
				return false;
		} else if (opens(rules, rule, users)) {
			*ret = rule_where(rule);
			return true;
		}
	}
	return false;
}

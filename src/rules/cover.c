/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out whether one rule matches everything that another one matches, for --check, which warns
 * of rules that can never match. Answers "no" if that is not cheap to find out.
 */
#include "rules/cover.h"
#include "rules/chars.h"
#include "rules/items.h"
#include "rules/words.h"

#include <string.h>

static bool net4_within(const struct net4 *inner, const struct net4 *outer)
{
	return (inner->mask & outer->mask) == outer->mask &&
	       (inner->net & outer->mask) == outer->net;
}

static bool net6_within(const struct net6 *inner, const struct net6 *outer)
{
	return inner->bits >= outer->bits && net6_holds(outer->net, outer->bits, inner->net);
}

static bool name_within(const struct item *inner, const struct item *outer)
{
	const struct name *in = inner->p, *out = outer->p;
	const char *name = inner->text + in->at;
	struct name_keys keys;
	char copy[256] = { 0 };
	bool domain = *name == '.';

	/* A name has at most 255 bytes with its dots. */
	name += domain;
	memcpy(copy, name, (size_t)(chars_skip(name, inner->text_end, CHARS_NAME) - name));
	name_keys(copy, &keys);
	if (domain && outer->text[out->at] != '.')
		return false;
	return name_is_one(&keys, out->key, outer->text + out->at, outer->text_end);
}

static bool user_within(const struct item *inner, const struct item *outer)
{
	const struct user *in = inner->p, *out = outer->p;

	return in->key == out->key &&
	       memcmp(inner->text + in->at, outer->text + out->at, user_len(in)) == 0;
}

static bool ports_within(const struct ports *inner, const struct ports *outer)
{
	return outer->low <= inner->low && inner->high <= outer->high;
}

/* A run of special NETs has the same items as an ordinary one. */
static enum run_kind plain(enum run_kind kind)
{
	return kind == RUN_NET4_SPECIAL ? RUN_NET4 : kind == RUN_NET6_SPECIAL ? RUN_NET6 : kind;
}

static bool item_within(const struct item *inner, const struct item *outer)
{
	if (outer->kind == RUN_GROUP && *(const uint32_t *)outer->p == GROUP_ANY)
		return true;
	if (plain(inner->kind) != plain(outer->kind))
		return false;
	switch (plain(inner->kind)) {
	case RUN_NET4:
		return net4_within(inner->p, outer->p);
	case RUN_NET6:
		return net6_within(inner->p, outer->p);
	case RUN_NAME:
		return name_within(inner, outer);
	case RUN_GROUP:
		return *(const uint32_t *)inner->p == *(const uint32_t *)outer->p;
	case RUN_LIST:
		return ((const struct list_item *)inner->p)->list ==
		       ((const struct list_item *)outer->p)->list;
	case RUN_PORT:
		return ports_within(inner->p, outer->p);
	case RUN_USER:
		return user_within(inner, outer);
	default:
		return false;
	}
}

static bool item_covered(const struct item *inner, struct items outers)
{
	struct item outer;

	while (items_next(&outers, &outer))
		if (item_within(inner, &outer))
			return true;
	return false;
}

static bool section_covered(const struct rule *rule, const struct section *section,
			    const struct rule *by, const struct section *by_section)
{
	struct items inners = items_of(rule, section);
	struct item inner;

	while (items_next(&inners, &inner))
		if (!item_covered(&inner, items_of(by, by_section)))
			return false;
	return true;
}

/* Returns true if the rule may match special destinations, which no earlier allow rule covers. */
static bool may_be_special(const struct rule *rule)
{
	const struct section *to = rule_section(rule, SECTION_TO);
	struct items items;
	struct item item;

	if (!to)
		return false;
	for (items = items_of(rule, to); items_next(&items, &item);) {
		if (item.kind == RUN_LIST || item.kind == RUN_NET4_SPECIAL ||
		    item.kind == RUN_NET6_SPECIAL)
			return true;
		if (item.kind == RUN_GROUP && *(const uint32_t *)item.p & GROUPS_SPECIAL)
			return true;
		/*
		 * A single address may be one of this host's. In a deny rule it does not count as
		 * one, because that is not what such a rule is meant for.
		 */
		if (rule->verdict == RULES_ALLOW && item.kind == RUN_NET4 &&
		    ((const struct net4 *)item.p)->mask == ~(uint32_t)0)
			return true;
		if (rule->verdict == RULES_ALLOW && item.kind == RUN_NET6 &&
		    ((const struct net6 *)item.p)->bits == 128)
			return true;
	}
	return false;
}

/* Returns true if the section is as good as none. `user *` is not: clients without a name exist. */
static bool section_is_all(const struct rule *rule, const struct section *section)
{
	return section->kind != SECTION_USER && section_is_any(rule, section);
}

bool rule_is_covered(const struct rule *rule, const struct rule *by)
{
	static const enum section_kind kinds[] = { SECTION_FROM, SECTION_TO, SECTION_PORT,
						   SECTION_USER };

	if (rule->commands & ~by->commands)
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct section *outer = rule_section(by, kinds[i]);
		const struct section *inner = outer ? rule_section(rule, kinds[i]) : NULL;

		if (outer &&
		    !(inner ? section_covered(rule, inner, by, outer) : section_is_all(by, outer)))
			return false;
	}
	return by->verdict == RULES_DENY || !may_be_special(rule);
}

bool section_is_any(const struct rule *rule, const struct section *section)
{
	struct items items = items_of(rule, section);
	struct item item;

	while (items_next(&items, &item))
		if (item.kind == RUN_GROUP && *(const uint32_t *)item.p == GROUP_ANY)
			return true;
	return false;
}

bool section_is_everybody(const struct rule *rule, const struct section *section)
{
	struct items items = items_of(rule, section);
	struct item item;

	if (section_is_any(rule, section))
		return true;
	while (items_next(&items, &item))
		if ((item.kind == RUN_GROUP && *(const uint32_t *)item.p == GROUP_LITERAL) ||
		    (item.kind == RUN_NET4 && ((const struct net4 *)item.p)->mask == 0) ||
		    (item.kind == RUN_NET6 && ((const struct net6 *)item.p)->bits == 0))
			return true;
	return false;
}

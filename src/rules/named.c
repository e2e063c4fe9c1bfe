/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over the users that the rules name, one by one or in lists, for --check. Judges none. */
#include "rules/explain.h"
#include "rules/items.h"

#include <string.h>

static void note_rule(const struct rule *rule, rules_user_note *note, void *ctx)
{
	const struct section *section = rule_section(rule, SECTION_USER);
	struct rules_user user = { .rule = rule_where(rule) };
	struct items items;
	struct item item;

	if (!section)
		return;
	for (items = items_of(rule, section); items_next(&items, &item);) {
		if (item.kind != RUN_USER)
			continue;
		user.name = item.text + ((const struct user *)item.p)->at;
		user.len = user_len(item.p);
		note(ctx, &user);
	}
}

static void note_list(const struct list *list, rules_user_note *note, void *ctx)
{
	struct rules_user user = { .rule = { .file = list->file, .line = 1 } };
	struct items items = items_of_list(list);
	const char *p = list->text;
	struct item item;

	while (items_next(&items, &item)) {
		user.name = item.text + ((const struct user *)item.p)->at;
		user.len = user_len(item.p);
		for (; (p = memchr(p, '\n', (size_t)(user.name - p))); p++)
			user.rule.line++;
		p = user.name;
		note(ctx, &user);
	}
}

void rules_users(const struct rules *rules, rules_user_note *note, void *ctx)
{
	const struct list *list;

	for (const struct rule *rule = rules_next(rules, NULL); rule;
	     rule = rules_next(rules, rule))
		note_rule(rule, note, ctx);
	for (uint32_t offset = rules->lists; offset; offset = list->next) {
		list = rules_at(rules, offset);
		if (list->section == SECTION_USER)
			note_list(list, note, ctx);
	}
}

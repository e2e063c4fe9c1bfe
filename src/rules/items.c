/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goes from run to run and from item to item. Looks into no item, and into no list. */
#include "rules/items.h"

struct items items_of(const struct rule *rule, const struct section *section)
{
	return (struct items){
		.run = (const void *)(section + 1),
		.end = (const void *)((const unsigned char *)section + section->size),
		.text = rule->text,
		.text_end = rule->text + rule->text_len,
	};
}

struct items items_of_list(const struct list *list)
{
	return (struct items){
		.run = (const void *)(list + 1),
		.end = (const void *)((const unsigned char *)list + list->size),
		.text = list->text,
		.text_end = list->text + list->text_len,
	};
}

bool items_next(struct items *items, struct item *ret)
{
	size_t size;

	if (items->run >= items->end)
		return false;
	size = 0;
	if (run_kind(*items->run) != RUN_LIST)
		size = run_size(items->run) / run_count(*items->run);
	ret->kind = run_kind(*items->run);
	ret->p = (const unsigned char *)(items->run + 1) + size * items->at;
	ret->text = items->text;
	ret->text_end = items->text_end;
	if (++items->at >= run_count(*items->run)) {
		items->run += 1 + run_size(items->run) / sizeof(*items->run);
		items->at = 0;
	}
	return true;
}

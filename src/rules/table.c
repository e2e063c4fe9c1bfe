/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Grows the block of memory that holds the rules, walks through it, and frees it. Never looks into
 * an item.
 */
#include "rules/table.h"

#include <string.h>

enum {
	FIRST_SIZE = 64 * 1024,
	ALIGNMENT = 8, /* also the offset of the first rule, because offset 0 means "none" */
};

bool rules_grow(struct rules *rules, size_t n)
{
	uint64_t size = rules->size ? rules->size : FIRST_SIZE;
	void *memory;

	if (rules->used == 0)
		rules->used = ALIGNMENT;
	while (size < UINT32_MAX && size - rules->used < n)
		size *= 2;
	if (size > UINT32_MAX || !rules->host || !rules->host->grow)
		return false;
	memory = rules->host->grow(rules->host->ctx, rules->memory, rules->size, (size_t)size);
	if (!memory)
		return false;
	rules->memory = memory;
	rules->size = (uint32_t)size;
	return true;
}

bool rules_align(struct rules *rules)
{
	uint32_t over = rules->used % ALIGNMENT;

	return over == 0 || rules_push(rules, ALIGNMENT - over);
}

static void release_lists(struct rules *rules)
{
	uint32_t offset = rules->lists;

	while (offset && rules->host->release) {
		const struct list *list = rules_at(rules, offset);
		struct rules_list file = { list->file, list->text, list->text_len };

		rules->host->release(rules->host->ctx, &file);
		offset = list->next;
	}
}

bool rules_have_parent(const struct rules *rules)
{
	return rules->has_parent;
}

void rules_free(struct rules *rules)
{
	const struct rules_host *host = rules->host;

	release_lists(rules);
	if (rules->memory)
		host->grow(host->ctx, rules->memory, rules->size, 0);
	memset(rules, 0, sizeof(*rules));
	rules->host = host;
}

size_t run_size(const uint32_t *head)
{
	static const uint8_t sizes[] = {
		[RUN_NET4] = sizeof(struct net4),      [RUN_NET4_SPECIAL] = sizeof(struct net4),
		[RUN_NET6] = sizeof(struct net6),      [RUN_NET6_SPECIAL] = sizeof(struct net6),
		[RUN_NAME] = sizeof(struct name),      [RUN_GROUP] = sizeof(uint32_t),
		[RUN_LIST] = sizeof(struct list_item), [RUN_PORT] = sizeof(struct ports),
		[RUN_USER] = sizeof(struct user),
	};
	size_t size = (size_t)run_count(*head) * sizes[run_kind(*head)];

	if (run_kind(*head) == RUN_LIST)
		size += ((const struct list_item *)(const void *)(head + 1))->skip;
	return size;
}

const struct rule *rules_next(const struct rules *rules, const struct rule *rule)
{
	const unsigned char *p = (const unsigned char *)rule;

	if (rules->count == 0 || p == rules->memory + rules->last)
		return NULL;
	p = rule ? p + rule->size : rules->memory + ALIGNMENT;
	return (const struct rule *)(const void *)p;
}

const struct section *rule_section(const struct rule *rule, enum section_kind kind)
{
	const unsigned char *p = (const unsigned char *)(rule + 1);
	const unsigned char *end = (const unsigned char *)rule + rule->size;
	const struct section *section;

	/* The size of a rule is rounded up; the rest is shorter than a struct section. */
	for (; (size_t)(end - p) >= sizeof(*section); p += section->size) {
		section = (const struct section *)(const void *)p;
		if (section->kind == kind)
			return section;
	}
	return NULL;
}

struct rules_where rule_where(const struct rule *rule)
{
	const struct section *section = rule_section(rule, SECTION_ROUTE);
	struct rules_where ret = {
		.file = rule->file,
		.line = rule->line,
		.text = rule->text,
		.text_len = rule->text_len,
		.verdict = (enum rules_verdict)rule->verdict,
	};

	if (section) {
		const struct route_item *item = (const void *)(section + 1);

		ret.route = rule->text + item->at;
		ret.route_len = item->len;
	}
	return ret;
}

void rules_newest(const struct rules *rules, struct rules_where *ret)
{
	*ret = rule_where(rules_at(rules, rules->last));
}

bool rules_walk(const struct rules *rules, uint32_t *at, struct rules_where *ret)
{
	const struct rule *rule = rules_next(rules, *at ? rules_at(rules, *at) : NULL);

	if (!rule)
		return false;
	*at = (uint32_t)((const unsigned char *)rule - rules->memory);
	*ret = rule_where(rule);
	return true;
}

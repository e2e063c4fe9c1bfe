/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out whether a rule holds for a question: all of its conditions must. address.c compares the
 * addresses and names.
 */
#include "rules/ask.h"

#include <string.h>

static enum answer ports_hold(const uint32_t *run, const struct ask *ask)
{
	const struct ports *ports = (const void *)(run + 1);

	if (ask->commands == RULES_RESOLVE)
		return NO;
	if (ask->port == 0)
		return MAYBE;
	for (uint32_t i = 0; i < run_count(*run); i++)
		if (ports[i].low <= ask->port && ask->port <= ports[i].high)
			return YES;
	return NO;
}

/* Skips names with other keys, eight at a time: over a long list, that is quicker. */
static uint32_t skip_users(const struct user *users, uint32_t i, uint32_t count, uint32_t key)
{
	for (; count - i >= 8; i += 8) {
		unsigned held = 0;

		for (uint32_t k = i; k < i + 8; k++)
			held += users[k].key == key;
		if (held)
			break;
	}
	while (i < count && users[i].key != key)
		i++;
	return i;
}

static enum answer users_hold(const uint32_t *run, const struct runs *runs, const struct ask *ask)
{
	const struct user *users = (const void *)(run + 1);
	uint32_t i = 0, count = run_count(*run);

	if (!ask->user && !ask->any_user)
		return NO;
	if (run_kind(*run) == RUN_GROUP)
		return YES;
	if (!ask->user)
		return MAYBE;
	for (; (i = skip_users(users, i, count, ask->user_key)) < count; i++)
		if (memcmp(runs->text + users[i].at, ask->user, user_len(&users[i])) == 0)
			return YES;
	return NO;
}

/* Returns whether the question is about an item of this run, which is of no list. */
static enum answer run_holds(const uint32_t *run, const struct runs *runs, struct ask *ask,
			     enum section_kind kind, enum mode mode)
{
	switch (kind) {
	case SECTION_PORT:
		return ports_hold(run, ask);
	case SECTION_USER:
		return users_hold(run, runs, ask);
	case SECTION_FROM:
		return addresses_hold(run, runs, ask, &ask->from,
				      mode == MATCH_SPECIAL ? MATCH_ALLOW : mode);
	case SECTION_TO:
		return addresses_hold(run, runs, ask, &ask->to, mode);
	case SECTION_ROUTE:
		break;
	}
	return NO;
}

/* A list has the same runs as a rule, except for lists. */
static enum answer runs_hold(const struct rules *rules, struct runs runs, struct ask *ask,
			     enum section_kind kind, enum mode mode)
{
	enum answer best = NO, answer;

	for (; runs.p < runs.end && best != YES; runs.p += 1 + run_size(runs.p) / sizeof(*runs.p)) {
		if (run_kind(*runs.p) == RUN_LIST) {
			const struct list_item *item = (const void *)(runs.p + 1);
			const struct list *list = rules_at(rules, item->list);
			struct runs inner = {
				.p = (const void *)(list + 1),
				.end = (const void *)((const unsigned char *)list + list->size),
				.text = list->text,
				.text_end = list->text + list->text_len,
			};

			answer = runs_hold(rules, inner, ask, kind, mode);
		} else {
			answer = run_holds(runs.p, &runs, ask, kind, mode);
		}
		if (answer > best)
			best = answer;
	}
	return best;
}

static enum answer section_holds(const struct rules *rules, const struct rule *rule,
				 const struct section *section, struct ask *ask, enum mode mode)
{
	struct runs runs = {
		.p = (const void *)(section + 1),
		.end = (const void *)((const unsigned char *)section + section->size),
		.text = rule->text,
		.text_end = rule->text + rule->text_len,
	};

	return runs_hold(rules, runs, ask, (enum section_kind)section->kind, mode);
}

enum answer rule_holds(const struct rules *rules, const struct rule *rule, struct ask *ask,
		       enum mode mode)
{
	const unsigned char *p = (const unsigned char *)(rule + 1);
	const unsigned char *end = (const unsigned char *)rule + rule->size;
	const struct section *section;
	enum answer least = YES, answer;
	bool to = false;

	if (!(rule->commands & ask->commands))
		return NO;
	if (ask->commands & ~(unsigned)rule->commands)
		least = MAYBE;
	for (; (size_t)(end - p) >= sizeof(*section); p += section->size) {
		section = (const void *)p;
		if (section->kind == SECTION_ROUTE)
			break; /* it is the last, and no condition */
		to |= section->kind == SECTION_TO;
		answer = section_holds(rules, rule, section, ask, mode);
		if (answer == YES)
			continue;
		if (answer == NO)
			return NO;
		least = MAYBE;
		ask->open |= 1u << section->kind;
	}
	return mode == MATCH_SPECIAL && !to ? NO : least;
}

enum answer rule_answers(const struct rules *rules, const struct rule *rule, struct ask *ask)
{
	return rule_holds(rules, rule, ask,
			  rule->verdict == RULES_ALLOW ? MATCH_ALLOW : MATCH_DENY);
}

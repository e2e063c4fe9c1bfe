/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out whether a rule holds for a question: all of its conditions must. address.c compares the
 * addresses and names.
 */
#include "rules/ask.h"

#include <string.h>

static enum answer port_holds(struct runs runs, const struct ask *ask)
{
	const struct ports *ports = (const void *)(runs.p + 1);

	if (ask->commands == RULES_RESOLVE)
		return NO;
	if (ask->port == 0)
		return MAYBE;
	for (uint32_t i = 0; i < run_count(*runs.p); i++)
		if (ports[i].low <= ask->port && ask->port <= ports[i].high)
			return YES;
	return NO;
}

static enum answer user_holds(struct runs runs, const struct ask *ask)
{
	const struct user *users = (const void *)(runs.p + 1);
	size_t len = ask->user ? strlen(ask->user) : 0;

	if (!ask->user && !ask->any_user)
		return NO;
	for (uint32_t i = 0; i < run_count(*runs.p); i++) {
		const char *name = runs.text + users[i].at;

		if (users[i].len == 1 && *name == '*')
			return YES;
		if (ask->user && users[i].len == len && memcmp(name, ask->user, len) == 0)
			return YES;
	}
	return ask->user ? NO : MAYBE;
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

	switch ((enum section_kind)section->kind) {
	case SECTION_PORT:
		return port_holds(runs, ask);
	case SECTION_USER:
		return user_holds(runs, ask);
	case SECTION_FROM:
		return addresses_hold(rules, runs, ask, &ask->from,
				      mode == MATCH_SPECIAL ? MATCH_ALLOW : mode);
	case SECTION_TO:
		return addresses_hold(rules, runs, ask, &ask->to, mode);
	}
	return NO;
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

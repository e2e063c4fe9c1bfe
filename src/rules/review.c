/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds things in rules that are legal but probably not intended, for --check, never for a session.
 * Tells the caller of each finding, and changes nothing.
 */
#include "rules/explain.h"
#include "rules/cover.h"
#include "rules/doubt.h"
#include "rules/review_route.h"

#include <string.h>

struct review {
	const struct rules *rules;
	unsigned auth;
	void (*warn)(void *ctx, const struct rules_warning *warning);
	void *ctx;
};

static void warn(const struct review *review, const struct rule *rule, const struct rule *other,
		 const char *words)
{
	struct rules_warning warning = { .words = words };

	if (rule)
		warning.rule = rule_where(rule);
	if (other)
		warning.other = rule_where(other);
	review->warn(review->ctx, &warning);
}

static void warn_list(const struct review *review, const struct list *list, unsigned line,
		      const char *words)
{
	struct rules_warning warning = { .words = words,
					 .rule = { .file = list->file, .line = line } };

	review->warn(review->ctx, &warning);
}

/* Returns true if the rule matches every question. */
static bool is_unconditional(const struct rule *rule)
{
	const struct section *from = rule_section(rule, SECTION_FROM);
	const struct section *to = rule_section(rule, SECTION_TO);

	return rule->commands == RULES_ALL_COMMANDS && !rule_section(rule, SECTION_PORT) &&
	       !rule_section(rule, SECTION_USER) && (!from || section_is_any(rule, from)) &&
	       (!to || section_is_any(rule, to));
}

/* Returns the first earlier rule that matches everything that this one matches; NULL: none. */
static const struct rule *find_cover(const struct rules *rules, const struct rule *rule)
{
	const struct rule *by = rules_next(rules, NULL);

	for (; by != rule; by = rules_next(rules, by))
		if (rule_is_covered(rule, by))
			return by;
	return NULL;
}

/* Returns why a rule can never match, whatever rules come before it; NULL: it can. */
static const char *find_contradiction(const struct review *review, const struct rule *rule)
{
	if (rule_section(rule, SECTION_USER) && !(review->auth & RULES_AUTH_PASSWORD))
		return "can never match: no method of --auth gives a client a user name";
	if (rule_section(rule, SECTION_PORT) && rule->commands == RULES_RESOLVE)
		return "can never match: the command resolve has no port";
	return NULL;
}

static bool is_open(const struct review *review, const struct rule *rule)
{
	const struct section *from = rule_section(rule, SECTION_FROM);
	const struct section *to = rule_section(rule, SECTION_TO);

	return rule->verdict == RULES_ALLOW && review->auth & RULES_AUTH_NONE &&
	       !rule_section(rule, SECTION_USER) && (!from || section_is_everybody(rule, from)) &&
	       (!to || section_is_everybody(rule, to));
}

/* A rule with a doubtful word. */
struct doubted {
	const struct review *review;
	const struct rule *rule;
};

static void warn_doubt(void *ctx, const char *words)
{
	const struct doubted *doubted = ctx;

	warn(doubted->review, doubted->rule, NULL, words);
}

/* Warns of a route that does nothing, or not what it seems to do. */
static void review_route(const struct review *review, const struct rule *rule)
{
	const char *words = route_contradiction(rule);
	const struct rule *by = words ? NULL : route_lookup(review->rules, rule);

	if (words)
		warn(review, rule, NULL, words);
	else if (by)
		warn(review, rule, by,
		     "names are looked up here, and the parent is given addresses, because an "
		     "earlier rule needs the address:");
}

/* Returns false if the rules after this one need no review. */
static bool review_rule(const struct review *review, const struct rule *rule)
{
	const struct rule *by = find_cover(review->rules, rule);
	const char *words = find_contradiction(review, rule);

	struct doubted doubted = { .review = review, .rule = rule };

	rules_doubt(rule, warn_doubt, &doubted);
	if (rule->host_bits)
		warn(review, rule, NULL, "a NET has bits set after its prefix; they are ignored");
	if (by && by->verdict == RULES_DENY && is_unconditional(by)) {
		warn(review, rule, by,
		     "can never match, nor can any rule after it: everything is decided by");
		return false;
	}
	if (!words && !by)
		review_route(review, rule);
	if (words)
		warn(review, rule, NULL, words);
	else if (by && by->verdict == RULES_ALLOW)
		warn(review, rule, by, "can never match an ordinary destination: it is covered by");
	else if (by)
		warn(review, rule, by, "can never match: it is covered by");
	else if (is_open(review, rule))
		warn(review, rule, NULL,
		     "makes this an open proxy: anybody who reaches it may use it, without a "
		     "password");
	return true;
}

static void review_lists(const struct review *review)
{
	uint32_t offset = review->rules->lists;

	while (offset) {
		const struct list *list = rules_at(review->rules, offset);

		if (list->size == sizeof(*list))
			warn_list(review, list, 0, "the list is empty");
		if (list->host_bits)
			warn_list(review, list, list->host_bits,
				  "a NET has bits set after its prefix; they are ignored "
				  "(the first such line of this file)");
		offset = list->next;
	}
}

void rules_review(const struct rules *rules, unsigned auth,
		  void (*warn_caller)(void *ctx, const struct rules_warning *warning), void *ctx)
{
	struct review review = { .rules = rules, .auth = auth, .warn = warn_caller, .ctx = ctx };
	const struct rule *rule = rules_next(rules, NULL);
	bool allow = false;

	for (const struct rule *r = rule; r; r = rules_next(rules, r))
		allow |= r->verdict == RULES_ALLOW;
	if (rule && !allow)
		warn(&review, NULL, NULL,
		     "there is no allow rule: every client is denied everything");
	while (rule && review_rule(&review, rule))
		rule = rules_next(rules, rule);
	review_lists(&review);
}

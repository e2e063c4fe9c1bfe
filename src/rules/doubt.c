/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Doubts a word of a rule if it can be read as two things, and the rule's author may have meant the
 * other one: `to privat` is a host, `user any` is a user. Changes nothing, and never runs in a
 * session.
 */
#include "rules/doubt.h"
#include "rules/chars.h"
#include "rules/remedy.h"
#include "base/hint.h"

#include <string.h>

/* The most bytes of a word that are quoted. */
enum { WORD_MAX = 64 };

struct doubt {
	void (*warn)(void *ctx, const char *words);
	void *ctx;
};

static void warn(const struct doubt *doubt, struct word word, const char *what, const char *meant)
{
	char buf[2 * WORD_MAX * 4];
	struct text t = TEXT_OF(buf);

	text_quoted_bytes(&t, word.p, word.len, WORD_MAX);
	text_strs(&t, what, meant, NULL);
	doubt->warn(doubt->ctx, buf);
}

/* Digits, dots and hyphens alone: 192.0.2.1-9 */
static bool is_numeric(struct word word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!char_is(word.p[i], CHAR_DIGIT | CHAR_DOT) && word.p[i] != '-')
			return false;
	return true;
}

static void doubt_name(const struct doubt *doubt, struct word word)
{
	char buf[64];
	struct text t = TEXT_OF(buf);

	if (is_numeric(word)) {
		warn(doubt, word, " is the name of a host",
		     "; write a range of addresses as NETs, like 192.0.2.0/24");
		return;
	}
	if (memchr(word.p, '.', word.len) || !remedy_group(&t, word, false))
		return;
	warn(doubt, word, " is the name of a host", buf);
}

static void doubt_user(const struct doubt *doubt, struct word word)
{
	if (hint_is_one(word.p, word.len, "any all everyone everybody anyone anybody"))
		warn(doubt, word, " is the name of a user", "; write * for every user");
	else if (word_is_net(word))
		warn(doubt, word, " is the name of a user", "; write an address after from or to");
}

static bool is_zero(const struct item *item)
{
	static const struct net6 none = { .bits = 128 };
	const struct net4 *net4 = item->p;

	if (item->kind == RUN_NET4 || item->kind == RUN_NET4_SPECIAL)
		return net4->net == 0 && net4->mask == ~(uint32_t)0;
	return (item->kind == RUN_NET6 || item->kind == RUN_NET6_SPECIAL) &&
	       memcmp(item->p, &none, sizeof(none)) == 0;
}

static void doubt_item(const struct doubt *doubt, const struct item *item, bool zero)
{
	static const struct word ipv4 = { "0.0.0.0", 7 }, ipv6 = { "::", 2 };
	const char *p = item->text;

	if (item->kind == RUN_NAME) {
		p += ((const struct name *)item->p)->at;
		doubt_name(doubt,
			   (struct word){
				   p, (size_t)(chars_skip(p, item->text_end, CHARS_NAME) - p) });
	} else if (item->kind == RUN_USER) {
		const struct user *user = item->p;

		doubt_user(doubt, (struct word){ p + user->at, user_len(user) });
	} else if (zero && is_zero(item)) {
		bool four = item->kind == RUN_NET4 || item->kind == RUN_NET4_SPECIAL;

		warn(doubt, four ? ipv4 : ipv6, " is a single address",
		     "; write any for all of them");
	}
}

void rules_doubt(const struct rule *rule, void (*warn_caller)(void *ctx, const char *words),
		 void *ctx)
{
	static const enum section_kind kinds[] = { SECTION_FROM, SECTION_TO, SECTION_USER };
	const struct doubt doubt = { .warn = warn_caller, .ctx = ctx };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct section *section = rule_section(rule, kinds[i]);
		bool zero = kinds[i] == SECTION_FROM || rule->verdict == RULES_ALLOW;
		struct items items;
		struct item item;

		if (!section)
			continue;
		items = items_of(rule, section);
		while (items_next(&items, &item))
			doubt_item(&doubt, &item, zero);
	}
}

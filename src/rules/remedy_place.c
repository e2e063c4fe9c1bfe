/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remedies for a word that stands where a rule expects from, to, port, user or command: a misspelt
 * condition, an item without its condition, an item without the comma before it.
 */
#include "rules/remedy.h"
#include "rules/parser.h"
#include "rules/words.h"
#include "base/hint.h"

#include <string.h>

static const char conditions[][12] = { "from", "to", "port", "user", "command", "via", "" };

/* Words of other programs, and what to write. */
static const struct {
	char words[72];
	char remedy[64];
} others[] COLD_TABLE = {
	{ "all any everything everyone * 0.0.0.0/0 ::/0",
	  "write \"\" to match every client and every destination" },
	{ "src source client clients sourceip", "write from" },
	{ "dst dest destination host domain server target", "write to" },
	{ "dport ports dstport", "write port" },
	{ "users username name login", "write user" },
	{ "cmd method proto protocol commands", "write command" },
	{ "and && &", "leave it out: a rule needs all its conditions" },
	{ "or || |", "write two rules" },
	{ "not except", "a rule has no \"not\": write another rule before this one" },
	{ "through thru parent proxy upstream route gateway out forward socks5",
	  "write via and a route, like via socks5://192.0.2.1:1080" },
	{ "tcp", "write \"command connect\"" },
	{ "allow deny permit", "write one rule on each line" },
	{ "= : == -> => is in", "leave it out: a blank is enough" },
	{ "\\", "leave the backslash out" },
};

static bool put_other(struct text *t, struct word word)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (hint_is_one(word.p, word.len, others[i].words)) {
			text_strs(t, "; ", others[i].remedy, NULL);
			return true;
		}
	return false;
}

/* from:10.0.0.0/8 or port=443 */
static bool put_glued(struct text *t, struct word word)
{
	size_t n = 0;

	while (n < word.len && word.p[n] != ':' && word.p[n] != '=')
		n++;
	if (n == word.len)
		return false;
	for (const char(*c)[12] = conditions; (*c)[0]; c++)
		if (hint_is(word.p, n, *c)) {
			text_strs(t, "; write a blank after ", *c, ", without : or =", NULL);
			return true;
		}
	return false;
}

/* Returns the word that ends before p, which stands in the text that begins at start. */
static struct word word_before(const char *start, const char *p)
{
	const char *end;

	while (p > start && char_is(p[-1], CHAR_BLANK))
		p--;
	end = p;
	while (p > start && !char_is(p[-1], CHAR_BLANK))
		p--;
	return (struct word){ p, (size_t)(end - p) };
}

static bool is_number(struct word word)
{
	return word.len && !(chars_seen(word.p, word.p + word.len) & ~CHAR_DIGIT);
}

static bool is_port(struct word word)
{
	const char *dash = memchr(word.p, '-', word.len);
	uint16_t port;

	return rules_port(NULL, word.p, word.len, &port) == 0 ||
	       (dash && is_number((struct word){ word.p, (size_t)(dash - word.p) }));
}

static bool is_group(struct word word)
{
	return rules_group(word.p, word.len) != 0;
}

/* Returns true if the word could be an item of that condition. */
static bool fits(struct word word, const char *condition)
{
	switch (*condition) {
	case 'f':
		return word_is_net(word) || is_group(word) || *word.p == '@';
	case 't':
		return word_is_net(word) || is_group(word) || *word.p == '@' ||
		       (word_is_name(word) && !is_port(word));
	case 'p':
		return is_port(word);
	case 'c':
		return rules_command(word.p, word.len) != 0;
	default:
		return *word.p == '@' || (word_is_name(word) && !is_port(word));
	}
}

/* Appends the last item before the word, a comma and the word. */
static void put_comma(struct text *t, const char *condition, struct word items, struct word word)
{
	const char *last = items.p + items.len;

	while (last > items.p && last[-1] != ',')
		last--;
	text_strs(t, "; separate the items of `", condition, "` by commas: ", NULL);
	text_escaped(t, last, (size_t)(items.p + items.len - last));
	text_char(t, ',');
	text_escaped(t, word.p, word.len);
}

/* The items before the word, and their condition. Returns false if they don't go on with it. */
static bool put_continued(struct text *t, struct word word, struct word items, struct word before)
{
	const char(*condition)[12] = conditions;
	const char *last;

	while ((*condition)[0] && !hint_is(before.p, before.len, *condition))
		condition++;
	if (!(*condition)[0] || !items.len)
		return false;
	last = items.p + items.len - 1;
	if (**condition == 'p' && (*word.p == '-' || *last == '-') &&
	    char_is(*items.p, CHAR_DIGIT)) {
		text_str(t, "; write a range of ports without blanks, like 8000-8100");
	} else if (word_netmask(word) > 0 && word_is_address(items)) {
		text_str(t, "; write ");
		text_escaped(t, items.p, items.len);
		text_char(t, '/');
		text_uint(t, (uint64_t)word_netmask(word));
	} else if (fits(word, *condition) && word.len < 64) {
		put_comma(t, *condition, items, word);
	} else {
		return false;
	}
	return true;
}

static void put_way(struct text *t, const char *before, const char *condition, struct word word)
{
	text_strs(t, before, condition, NULL);
	text_escaped(t, word.p, word.len);
	text_char(t, '"');
}

/* The word is an item whose condition is missing. */
static void put_missing(struct text *t, struct word word)
{
	const char *first = NULL, *second = NULL, *third = NULL;

	if (*word.p == '@' && word.len > 1) {
		first = "from ";
		second = "to ";
		third = "user ";
	} else if (word_is_net(word) || is_group(word)) {
		first = "from ";
		second = "to ";
	} else if (is_port(word)) {
		first = "port ";
	} else if (rules_command(word.p, word.len)) {
		first = "command ";
	} else if (word_is_name(word) && memchr(word.p, '.', word.len)) {
		first = "to ";
	} else if (word_is_name(word)) {
		first = "user ";
		second = "to ";
	}
	if (!first || word.len >= 64)
		return;
	put_way(t, "; write \"", first, word);
	if (second)
		put_way(t, third ? ", \"" : " or \"", second, word);
	if (third)
		put_way(t, " or \"", third, word);
}

void remedy_condition(struct text *t, const struct rules_error *mistake)
{
	struct word word = { mistake->word, mistake->word_len };
	const char *start = mistake->word - mistake->column;
	struct word items = word_before(start, word.p);
	struct word before = word_before(start, items.p);

	if (*word.p == '!') {
		text_str(t, "; a rule has no \"not\": write another rule before this one");
		return;
	}
	if (word.len == 3 && memcmp(word.p, "via", 3) == 0) {
		text_str(t, "; leave out via and its route");
		return;
	}
	if (word_is_route(word)) {
		text_str(t, "; write via before it, at the end of an allow rule");
		return;
	}
	if (put_glued(t, word) || (!items.len && put_other(t, word)))
		return;
	if (remedy_near(t, word, conditions) || put_continued(t, word, items, before) ||
	    (items.len && put_other(t, word)))
		return;
	if (!remedy_target(t, mistake))
		put_missing(t, word);
}

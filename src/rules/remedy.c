/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the remedy by the place of the mistake, and knows those for ports, users and commands. */
#include "rules/remedy.h"
#include "rules/parser.h"
#include "base/hint.h"

#include <string.h>

static const char commands[][12] = { "connect", "bind", "udp", "resolve", "" };

static bool put_everything(struct text *t, struct word word, const char *condition)
{
	if (!hint_is_one(word.p, word.len, "any all * every"))
		return false;
	text_strs(t, "; leave `", condition, "` out to match every ", condition, NULL);
	return true;
}

static void put_command(struct text *t, struct word word)
{
	if (put_everything(t, word, "command"))
		return;
	if (hint_is_one(word.p, word.len, "tcp get http"))
		text_str(t, "; did you mean connect?");
	else if (hint_is_one(word.p, word.len,
			     "associate udpassociate udp-associate udp_associate"))
		text_str(t, "; did you mean udp?");
	else if (hint_is_one(word.p, word.len, "dns resolve_ptr resolve-ptr lookup"))
		text_str(t, "; did you mean resolve?");
	else
		remedy_near(t, word, commands);
}

/* Reads the number at *p and moves *p behind it; 0 if it is not a port. */
static unsigned long read_port(const char **p, const char *end)
{
	unsigned long port = 0;

	for (; *p < end && char_is(**p, CHAR_DIGIT) && port <= UINT16_MAX; (*p)++)
		port = port * 10 + (unsigned long)(**p - '0');
	return port <= UINT16_MAX ? port : 0;
}

/* Two numbers with anything between them, and what is open at an end: 80:90, 90-80, 1024-, -1023 */
static bool put_range(struct text *t, struct word word)
{
	const char *p = word.p, *end = p + word.len, *between;
	unsigned long low = 1, high = UINT16_MAX, spare;

	if (p < end && char_is(*p, CHAR_DIGIT))
		low = read_port(&p, end);
	between = p;
	while (p < end && strchr("-:.>", *p) && *p)
		p++;
	if (p == between || (p - between == 1 && *between == '.'))
		return false;
	if (p < end && char_is(*p, CHAR_DIGIT))
		high = read_port(&p, end);
	if (p < end || word.len < 2)
		return false;
	/* 0-80 */
	low += low == 0 && between - word.p == 1;
	if (!low || !high || low == high)
		return false;
	if (low > high) {
		spare = low;
		low = high;
		high = spare;
	}
	text_str(t, "; write ");
	text_uint(t, low);
	text_char(t, '-');
	text_uint(t, high);
	return true;
}

/* 443/tcp, tcp/443 */
static bool put_protocol(struct text *t, struct word word)
{
	const char *slash = memchr(word.p, '/', word.len);
	struct word parts[2];
	uint16_t port;

	if (!slash)
		return false;
	parts[0] = (struct word){ word.p, (size_t)(slash - word.p) };
	parts[1] = (struct word){ slash + 1, word.len - parts[0].len - 1 };
	for (unsigned i = 0; i < 2; i++) {
		struct word other = parts[!i];

		if (!hint_is_one(parts[i].p, parts[i].len, "tcp udp") ||
		    rules_port(NULL, other.p, other.len, &port) != 0)
			continue;
		text_str(t, "; write \"port ");
		text_uint(t, port);
		text_strs(t, " command ", *parts[i].p == 'u' ? "udp" : "connect", "\"", NULL);
		return true;
	}
	return false;
}

static void put_port(struct text *t, struct word word)
{
	struct hint hint = { .word = word.p, .len = word.len };
	const char *name;

	if (put_everything(t, word, "port") || put_protocol(t, word) || put_range(t, word) ||
	    (chars_seen(word.p, word.p + word.len) & ~(CHAR_LETTER | CHAR_DIGIT)))
		return;
	for (size_t i = 0; (name = rules_service_name(i)); i++)
		hint_offer(&hint, name);
	if (hint.best)
		text_strs(t, "; did you mean ", hint.best, "?", NULL);
	else if (*word.p != '-' && char_is(*word.p, CHAR_LETTER))
		text_str(t, "; write its number");
}

/* A line of a list of users. */
static void put_user(struct text *t, struct word word)
{
	if (*word.p == ':')
		text_str(t, ", and not a line of the users file; write the name without the colon "
			    "and what follows it");
	else if (*word.p == '*')
		text_str(t, "; for every user, write `user *` in the rule");
	else if (memchr(word.p, '#', word.len))
		text_str(t, "; a name with a # can stand in the rule itself");
}

void rules_remedy(struct text *t, const struct rules_error *mistake)
{
	struct word word = { mistake->word, mistake->word_len };
	const char *bytes = hint_bytes(word.p, word.len);

	if (mistake->part == RULES_PART_VIA) {
		remedy_route(t, mistake);
		return;
	}
	if (mistake->part == RULES_PART_CONDITION && mistake->secret)
		text_str(t, "; write via before it, at the end of an allow rule");
	if (!word.len)
		return;
	if (bytes) {
		text_strs(t, "; ", bytes, NULL);
		return;
	}
	switch (mistake->part) {
	case RULES_PART_NONE:
	case RULES_PART_VIA: /* done */
		break;
	case RULES_PART_USER:
		if (mistake->list_end)
			put_user(t, word);
		break;
	case RULES_PART_CONDITION:
		remedy_condition(t, mistake);
		break;
	case RULES_PART_FROM:
	case RULES_PART_TO:
		remedy_item(t, mistake);
		break;
	case RULES_PART_PORT:
		put_port(t, word);
		break;
	case RULES_PART_COMMAND:
		put_command(t, word);
		break;
	}
}

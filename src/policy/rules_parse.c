/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A rule from its text, in one pass: conditions, each a word and a list of items. The items
 * themselves are read by rules_item.c and rules_port.c. A rule with a mistake leaves no trace.
 */
#include <errno.h>
#include <string.h>

#include "policy/rules_parser.h"

static int parse_user(struct parser *parser, const char *word, size_t len)
{
	struct user *user;

	if (len > 255)
		return parser_mistake(parser, word, len, "a user name of 255 bytes at most");
	user = parser_item(parser, RUN_USER, sizeof *user);
	if (!user)
		return parser_error(parser, word, len, "memory", -ENOMEM);
	user->at = (uint32_t)(word - parser->text);
	user->len = (uint32_t)len;
	return 0;
}

/* A condition and how its items are read. */
struct condition {
	char word[8];
	enum section_kind kind;
	int (*item)(struct parser *parser, const char *word, size_t len);
	const char *expected;
};

enum { COMMAND = 4 };

static const struct condition conditions[] = {
	{"from", SECTION_FROM, parser_address, "a client's address, NET or group"},
	{"to", SECTION_TO, parser_address, "a destination: an address, NET, group or name"},
	{"port", SECTION_PORT, parser_ports, "a port: 443, 8000-8100 or a service name"},
	{"user", SECTION_USER, parse_user, "a user name, or * for any"},
	[COMMAND] = {"command", 0, NULL, "connect, bind, udp or resolve"},
};

static const struct condition *find_condition(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		if (strlen(conditions[i].word) == len && memcmp(conditions[i].word, word, len) == 0)
			return &conditions[i];
	return NULL;
}

/* What a list lacks where an item is empty. */
static int empty_item(struct parser *parser, const struct condition *c, const char *word,
	size_t len)
{
	if (len == 0)
		return parser_mistake(parser, word, 0, c->expected);
	return parser_mistake(parser, word, len,
		"items separated by single commas, without blanks between them");
}

static int parse_command(struct parser *parser, const char *word, size_t len, uint8_t *commands)
{
	unsigned command = rules_command(word, len);

	if (!command)
		return parser_mistake(parser, word, len, conditions[COMMAND].expected);
	*commands |= (uint8_t)command;
	return 0;
}

/* The items of one condition, len bytes at word. */
static int parse_items(struct parser *parser, const struct condition *c, const char *word,
	size_t len, uint8_t *commands)
{
	const char *end = word + len, *item = word, *comma;
	int error;

	for (;; item = comma + 1) {
		comma = memchr(item, ',', (size_t)(end - item));
		len = (size_t)((comma ? comma : end) - item);
		if (len == 0)
			return empty_item(parser, c, word, (size_t)(end - word));
		error = c->item ? c->item(parser, item, len)
				: parse_command(parser, item, len, commands);
		if (error || !comma)
			return error;
	}
}

static int parse_section(struct parser *parser, const struct condition *c, const char *word,
	size_t len)
{
	struct rules *rules = parser->rules;
	struct section *section = rules_push(rules, sizeof *section);
	uint32_t offset;
	int error;

	if (!section)
		return parser_error(parser, word, len, "memory", -ENOMEM);
	offset = (uint32_t)((unsigned char *)section - rules->memory);
	section->kind = c->kind;
	parser->section = (uint8_t)c->kind;
	parser->run = 0;
	error = parse_items(parser, c, word, len, NULL);
	if (error)
		return error;
	section = rules_at(rules, offset);
	section->size = rules->used - offset;
	return 0;
}

static int parse_conditions(struct parser *parser, const char *p, const char *end,
	uint8_t *commands)
{
	unsigned seen = 0;
	size_t len;
	int error;

	while ((len = rules_word(&p, end)) != 0) {
		const struct condition *c = find_condition(p, len);

		if (!c)
			return parser_mistake(parser, p, len, "from, to, port, user or command");
		if (seen & 1u << (c - conditions))
			return parser_mistake(parser, p, len,
				"each condition once (items are separated by commas)");
		seen |= 1u << (c - conditions);
		p += len;
		len = rules_word(&p, end);
		error = c->item ? parse_section(parser, c, p, len)
				: parse_items(parser, c, p, len, commands);
		if (error)
			return error;
		p += len;
	}
	return 0;
}

static int append(struct parser *parser, enum rules_verdict verdict, size_t len)
{
	struct rules *rules = parser->rules;
	struct rule *rule = rules_align(rules) ? rules_push(rules, sizeof *rule) : NULL;
	uint8_t commands = 0;
	uint32_t offset;
	int error;

	if (!rule)
		return parser_error(parser, parser->text, 0, "memory", -ENOMEM);
	if (len > RUN_COUNT_MAX)
		return parser_mistake(parser, parser->text, 0, "a rule of 16 MiB at most");
	offset = (uint32_t)((unsigned char *)rule - rules->memory);
	error = parse_conditions(parser, parser->text, parser->text + len, &commands);
	if (error)
		return error;
	if (!rules_align(rules))
		return parser_error(parser, parser->text, 0, "memory", -ENOMEM);
	rule = rules_at(rules, offset);
	*rule = (struct rule){
		.text = parser->text,
		.file = parser->file,
		.line = parser->line,
		.text_len = (uint32_t)len,
		.size = rules->used - offset,
		.verdict = (uint8_t)verdict,
		.commands = commands ? commands : RULES_ALL_COMMANDS,
		.host_bits = parser->host_bits,
	};
	rules->last = offset;
	rules->count++;
	return 0;
}

int rules_parse(struct rules *rules, enum rules_verdict verdict, const char *text, size_t len,
	const char *origin_file, unsigned origin_line, struct rules_error *err)
{
	struct parser parser = {
		.rules = rules,
		.host = rules->host,
		.err = err,
		.file = origin_file,
		.line = origin_line,
		.base = text,
		.text = text,
	};
	uint32_t used = rules->used, lists = rules->lists;
	int error = append(&parser, verdict, len);

	if (error) {
		rules->used = used;
		rules->lists = lists;
	}
	return error;
}

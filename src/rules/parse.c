/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a rule in one pass: conditions, each a word and a list of items. item.c, list.c, port.c and
 * user.c read the items. A rule with a mistake leaves nothing in the table.
 */
#include "rules/parser.h"

#include <errno.h>
#include <string.h>

/* A condition, and the function that reads its items. */
struct condition {
	char word[8];
	uint8_t len;
	uint8_t kind; /* enum section_kind */
	uint8_t part; /* enum rules_part */
	int (*item)(struct parser *parser, const char *word, size_t len);
	const char *expected;
};

enum { COMMAND = 4 };

static const struct condition conditions[] = {
	{ "from", 4, SECTION_FROM, RULES_PART_FROM, parser_address,
	  "a client's address, NET or group" },
	{ "to", 2, SECTION_TO, RULES_PART_TO, parser_address,
	  "a destination: an address, NET, group or name" },
	{ "port", 4, SECTION_PORT, RULES_PART_PORT, parser_ports,
	  "a port: 443, 8000-8100 or a service name" },
	{ "user", 4, SECTION_USER, RULES_PART_USER, parser_user, "a user name, or * for any" },
	[COMMAND] = { "command", 7, 0, RULES_PART_COMMAND, NULL, "connect, bind, udp or resolve" },
};

static const struct condition *find_condition(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		if (conditions[i].len == len && conditions[i].word[0] == word[0] &&
		    memcmp(conditions[i].word, word, len) == 0)
			return &conditions[i];
	return NULL;
}

/* Notes why an item is empty. */
static int empty_item(struct parser *parser, const struct condition *c, const char *p,
		      const char *end)
{
	size_t len = chars_word(&p, end);

	if (len == 0)
		return parser_mistake(parser, p, 0, c->expected);
	parser->part = RULES_PART_NONE;
	return parser_mistake(parser, p, len,
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

static int parse_item(struct parser *parser, const struct condition *c, const char *word,
		      size_t len, uint8_t *commands)
{
	if (!c->item)
		return parse_command(parser, word, len, commands);
	if (*word == '@' && c->item != parser_ports)
		return parser_list(parser, word, len);
	return c->item(parser, word, len);
}

/* Reads the items of one condition at *p, and moves *p to their end. */
static int parse_items(struct parser *parser, const struct condition *c, const char **p,
		       const char *end, uint8_t *commands)
{
	static const unsigned stop_at = CHAR_BLANK | CHAR_COMMA;
	const char *item = *p, *stop;
	int err = 0;
	size_t len;

	for (;; item = stop + 1) {
		stop = NULL;
		if (c->item == parser_address)
			stop = parser_plain_net4(parser, item, end, stop_at);
		if (!stop) {
			stop = chars_find(item, end, stop_at, &parser->seen);
			len = (size_t)(stop - item);
			if (len == 0)
				return empty_item(parser, c, *p, end);
			err = parse_item(parser, c, item, len, commands);
		}
		if (err || stop == end || *stop != ',')
			break;
	}
	*p = stop;
	return err;
}

static int parse_section(struct parser *parser, const struct condition *c, const char **p,
			 const char *end)
{
	struct rules *rules = parser->rules;
	struct section *section = rules_push(rules, sizeof(*section));
	uint32_t offset;
	int err;

	if (!section)
		return parser_no_memory(parser, *p, 0);
	offset = (uint32_t)((unsigned char *)section - rules->memory);
	parser->section = c->kind;
	parser->run = 0;
	err = parse_items(parser, c, p, end, NULL);
	if (err)
		return err;
	section = rules_at(rules, offset);
	section->kind = c->kind;
	section->size = rules->used - offset;
	return 0;
}

static COLD_CODE int repeated(struct parser *parser, const char *word, size_t len)
{
	parser->part = RULES_PART_NONE;
	return parser_mistake(parser, word, len,
			      "each condition once (separate its items by commas)");
}

static COLD_CODE int unknown(struct parser *parser, const char *word, size_t len, const char *end)
{
	if (len != 3 || memcmp(word, "via", 3) != 0)
		return parser_mistake(parser, word, len, "from, to, port, user, command or via");
	if (parser->verdict != RULES_ALLOW)
		return parser_mistake(parser, word, len,
				      "via only in an allow rule, because what is denied does not "
				      "leave");
	return parser_via(parser, word, end);
}

static int parse_conditions(struct parser *parser, const char *p, const char *end,
			    uint8_t *commands)
{
	unsigned seen = 0;
	size_t len;
	int err;

	while ((len = chars_word(&p, end)) != 0) {
		const struct condition *c = find_condition(p, len);

		parser->part = RULES_PART_CONDITION;
		if (!c)
			return unknown(parser, p, len, end);
		parser->part = c->part;
		if (seen & 1u << (c - conditions))
			return repeated(parser, p, len);
		seen |= 1u << (c - conditions);
		p = chars_skip(p + len, end, CHAR_BLANK);
		err = c->item ? parse_section(parser, c, &p, end) :
				parse_items(parser, c, &p, end, commands);
		if (err)
			return err;
	}
	return 0;
}

static int append(struct parser *parser, enum rules_verdict verdict, size_t len)
{
	struct rules *rules = parser->rules;
	struct rule *rule = rules_align(rules) ? rules_push(rules, sizeof(*rule)) : NULL;
	uint8_t commands = 0;
	uint32_t offset;
	int err;

	if (!rule)
		return parser_no_memory(parser, parser->text, 0);
	if (len > RUN_COUNT_MAX)
		return parser_mistake(parser, parser->text, len, "a rule of at most 16 MiB");
	offset = (uint32_t)((unsigned char *)rule - rules->memory);
	err = parse_conditions(parser, parser->text, parser->text + len, &commands);
	if (err)
		return err;
	if (!rules_align(rules))
		return parser_no_memory(parser, parser->text, 0);
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
		const char *origin_file, unsigned origin_line, struct rules_error *mistake)
{
	struct parser parser = {
		.rules = rules,
		.host = rules->host,
		.mistake = mistake,
		.file = origin_file,
		.line = origin_line,
		.base = text,
		.text = text,
		.end = text + len,
		.verdict = (uint8_t)verdict,
	};
	uint32_t used, lists = rules->lists, routes = rules->routes;
	int err;

	if (!rules->memory && !rules_grow(rules, 1))
		return parser_no_memory(&parser, text, 0);
	used = rules->used;
	err = append(&parser, verdict, len);
	if (err) {
		rules->used = used;
		rules->lists = lists;
		rules->routes = routes;
	}
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all readers of rules do: split words, append items to the table, note mistakes. No
 * grammar is here.
 */
#include <errno.h>
#include <string.h>

#include "policy/rules_parser.h"

int parser_error(const struct parser *parser, const char *word, size_t len, const char *expected,
	int error)
{
	*parser->err = (struct rules_error){
		.file = parser->file,
		.line = parser->line,
		.word = word,
		.word_len = len,
		.column = (size_t)(word - parser->base),
		.expected = expected,
		.error = error,
	};
	return error;
}

int parser_mistake(const struct parser *parser, const char *word, size_t len, const char *expected)
{
	return parser_error(parser, word, len, expected, -EINVAL);
}

size_t rules_word(const char **p, const char *end)
{
	const char *stop;

	while (*p < end && rules_is_blank(**p))
		(*p)++;
	for (stop = *p; stop < end && !rules_is_blank(*stop); stop++)
		;
	return (size_t)(stop - *p);
}

void *parser_item(struct parser *parser, enum run_kind kind, size_t size)
{
	struct rules *rules = parser->rules;
	uint32_t *head = parser->run ? rules_at(rules, parser->run) : NULL;
	void *item;

	if (!head || run_kind(*head) != kind || run_count(*head) == RUN_COUNT_MAX ||
		kind == RUN_LIST) {
		head = rules_push(rules, sizeof *head);
		if (!head)
			return NULL;
		*head = kind;
		parser->run = (uint32_t)((unsigned char *)head - rules->memory);
	}
	item = rules_push(rules, size);
	if (item) {
		head = rules_at(rules, parser->run);
		*head += 1u << 8;
	}
	return item;
}

unsigned rules_command(const char *word, size_t len)
{
	static const struct {
		char word[8];
		unsigned command;
	} commands[] = {
		{"connect", RULES_CONNECT},
		{"bind", RULES_BIND},
		{"udp", RULES_UDP},
		{"resolve", RULES_RESOLVE},
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strlen(commands[i].word) == len && memcmp(commands[i].word, word, len) == 0)
			return commands[i].command;
	return 0;
}

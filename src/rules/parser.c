/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions that all readers of rules need: they append items to the table and note mistakes.
 * There is no grammar here, except for the words of commands.
 */
#include "rules/parser.h"

#include <errno.h>
#include <string.h>

int parser_error(const struct parser *parser, const char *word, size_t len, const char *expected,
		 int err)
{
	*parser->mistake = (struct rules_error){
		.file = parser->file,
		.line = parser->line,
		.word = word,
		.word_len = len,
		.column = (size_t)(word - parser->base),
		.expected = expected,
		.err = err,
		.part = parser->part,
		.list_end = parser->list_end,
	};
	return err;
}

/*
 * Returns true if the word may have a part of USER:PASSWORD@ of a URL: it is a URL, or stands
 * behind the // of one, and an @ follows in the rule, the question or the line of the list.
 */
static COLD_CODE bool may_be_secret(const struct parser *parser, const char *word, size_t len)
{
	const char *end = parser->list_end ? chars_line_end(word, parser->list_end) : parser->end;
	const char *at = memrchr(word, '@', (size_t)(end - word)), *slashes = NULL;

	if (at)
		slashes = memmem(parser->base, (size_t)(at - parser->base), "//", 2);
	return slashes && slashes < word + len && memchr(slashes, ':', (size_t)(at - slashes));
}

int parser_mistake(const struct parser *parser, const char *word, size_t len, const char *expected)
{
	parser_error(parser, word, len, expected, -EINVAL);
	if (may_be_secret(parser, word, len)) {
		parser->mistake->secret = true;
		parser->mistake->hidden = len;
		parser->mistake->word_len = 0;
	}
	return -EINVAL;
}

int parser_no_memory(const struct parser *parser, const char *word, size_t len)
{
	return parser_error(parser, word, len, "memory", -ENOMEM);
}

void *parser_open_run(struct parser *parser, enum run_kind kind, size_t size)
{
	uint32_t *head = rules_push(parser->rules, sizeof(*head) + size);

	if (!head)
		return NULL;
	*head = RUN_ONE | kind;
	parser->run = (uint32_t)((unsigned char *)head - parser->rules->memory);
	return head + 1;
}

unsigned rules_command(const char *word, size_t len)
{
	static const struct {
		char word[8];
		uint8_t len, command;
	} commands[] = {
		{ "connect", 7, RULES_CONNECT },
		{ "bind", 4, RULES_BIND },
		{ "udp", 3, RULES_UDP },
		{ "resolve", 7, RULES_RESOLVE },
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (commands[i].len == len && memcmp(commands[i].word, word, len) == 0)
			return commands[i].command;
	return 0;
}

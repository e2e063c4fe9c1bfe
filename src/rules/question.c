/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a question in words, for --explain: the language of the rules, with one value for each
 * word. Resolves nothing but the names of services, which it asks host->service() for.
 */
#include "rules/explain.h"
#include "rules/parser.h"

#include <errno.h>
#include <string.h>

static bool is_word(const char *word, size_t len, const char *other)
{
	return strlen(other) == len && memcmp(word, other, len) == 0;
}

static int parse_from(const struct parser *parser, const char *word, size_t len,
		      struct rules_question *ret)
{
	char text[64];

	if (is_word(word, len, "local") || is_word(word, len, "unknown")) {
		ret->kind = *word == 'l' ? CLIENT_LOCAL : CLIENT_UNKNOWN;
		return 0;
	}
	if (len < sizeof(text) && !memchr(word, '\0', len)) {
		memcpy(text, word, len);
		text[len] = '\0';
		ret->kind = CLIENT_INTERNET;
		if (addr_parse(text, &ret->client) == 0)
			return 0;
	}
	return parser_mistake(parser, word, len, "a client's address, local or unknown");
}

static int parse_to(const struct parser *parser, const char *word, size_t len,
		    struct rules_question *ret)
{
	if (addr_from_name((const uint8_t *)word, len, ret->dest.port, &ret->dest) == 0)
		return 0;
	return parser_mistake(parser, word, len, "an address or a name that can be looked up");
}

static int parse_port(const struct parser *parser, const char *word, size_t len,
		      struct rules_question *ret)
{
	if (rules_port(parser->host, word, len, &ret->dest.port) == 0)
		return 0;
	return parser_mistake(parser, word, len, "a port of 1 to 65535 or a known service name");
}

static int parse_user(const struct parser *parser, const char *word, size_t len,
		      struct rules_question *ret)
{
	if (len == 0 || len >= sizeof(ret->user) || memchr(word, '\0', len))
		return parser_mistake(parser, word, len, "a user name of at most 255 bytes");
	memcpy(ret->user, word, len);
	return 0;
}

static int parse_command(const struct parser *parser, const char *word, size_t len,
			 struct rules_question *ret)
{
	ret->command = (enum rules_command)rules_command(word, len);
	if (ret->command)
		return 0;
	return parser_mistake(parser, word, len, "connect, bind, udp or resolve");
}

static const struct part {
	char word[8];
	int (*parse)(const struct parser *parser, const char *word, size_t len,
		     struct rules_question *ret);
} parts[] = {
	{ "from", parse_from }, { "to", parse_to },	      { "port", parse_port },
	{ "user", parse_user }, { "command", parse_command },
};

static const struct part *find_part(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (is_word(word, len, parts[i].word))
			return &parts[i];
	return NULL;
}

static int parse(const struct parser *parser, const char *p, const char *end,
		 struct rules_question *ret)
{
	unsigned seen = 0;
	size_t len;

	while ((len = chars_word(&p, end)) != 0) {
		const struct part *part = find_part(p, len);
		int err;

		if (!part)
			return parser_mistake(parser, p, len, "from, to, port, user or command");
		if (seen & 1u << (part - parts))
			return parser_mistake(parser, p, len, "each word once");
		seen |= 1u << (part - parts);
		p += len;
		len = chars_word(&p, end);
		err = part->parse(parser, p, len, ret);
		if (err)
			return err;
		p += len;
	}
	return 0;
}

int rules_question_parse(const struct rules_host *host, const char *text, size_t len,
			 struct rules_question *ret, struct rules_error *mistake)
{
	struct parser parser = { .host = host, .mistake = mistake, .base = text, .text = text };
	struct rules_question question;
	int err;

	memset(&question, 0, sizeof(question));
	question.kind = CLIENT_LOCAL;
	question.command = RULES_CONNECT;
	err = parse(&parser, text, text + len, &question);
	if (err)
		return err;
	addr_set_port(&question.dest.addr, question.dest.port);
	*ret = question;
	return 0;
}

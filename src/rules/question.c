/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a question in words, for --explain: the language of the rules, with one value for each
 * word. Reads the pairs of a line of the log too. Resolves nothing but the names of services, which
 * it asks host->service() for.
 */
#include "rules/explain.h"
#include "rules/value.h"

#include <errno.h>
#include <string.h>

/* A value as it was written. */
struct span {
	const char *p;
	size_t len;
};

/* A question while it is read. */
struct reading {
	struct parser parser;
	struct rules_question *ret;
	unsigned seen;	    /* parts, as bits of their indices */
	struct value value; /* of the current part */
	struct span port, dest;
	uint16_t dest_port; /* in `to HOST:PORT`; 0: none */
	bool dest_port_zero;
	bool dest_logged; /* from dest=, as the log has it */
	bool socks4;	  /* from protocol= or reply= */
};

static int wrong(const struct reading *r, const char *expected)
{
	return parser_mistake(&r->parser, r->value.word, r->value.word_len, expected);
}

static int parse_from(struct reading *r)
{
	const struct value *v = &r->value;
	size_t host = value_host(v);
	uint16_t unwanted;
	char text[64];

	if (value_is(v, "local") || value_is(v, "unknown")) {
		r->ret->kind = *v->text == 'l' ? CLIENT_LOCAL : CLIENT_UNKNOWN;
		return 0;
	}
	r->ret->kind = CLIENT_INTERNET;
	if (v->len < sizeof(text) && !memchr(v->text, '\0', v->len)) {
		memcpy(text, v->text, v->len);
		text[v->len] = text[host] = '\0';
		if ((host == v->len || addr_parse_port(text + host + 1, &unwanted) == 0) &&
		    addr_parse(text, &r->ret->client) == 0)
			return 0;
	}
	return wrong(r, "a client's address, with or without its port, local or unknown");
}

static int parse_to(struct reading *r)
{
	const struct value *v = &r->value;
	size_t host = value_host(v), port_len = v->len - host;

	r->dest = (struct span){ v->word, v->word_len };
	if (addr_from_name((const uint8_t *)v->text, host, r->ret->dest.port, &r->ret->dest) != 0)
		return wrong(r,
			     "an address or a name that can be looked up, with or without :PORT");
	if (port_len == 0)
		return 0;
	r->dest_port_zero = port_len == 2 && v->text[host + 1] == '0';
	if (r->dest_port_zero ||
	    rules_port(r->parser.host, v->text + host + 1, port_len - 1, &r->dest_port) == 0)
		return 0;
	return wrong(r, "a port of 1 to 65535 or a known service name after the colon");
}

static int parse_port(struct reading *r)
{
	r->port = (struct span){ r->value.word, r->value.word_len };
	if (rules_port(r->parser.host, r->value.text, r->value.len, &r->ret->dest.port) == 0)
		return 0;
	return wrong(r, "a port of 1 to 65535 or a known service name");
}

static int parse_user(struct reading *r)
{
	const struct value *v = &r->value;

	if (v->len == 0 || v->len >= sizeof(r->ret->user) || memchr(v->text, '\0', v->len))
		return wrong(r, "a user name of at most 255 bytes");
	memcpy(r->ret->user, v->text, v->len);
	return 0;
}

static int parse_command(struct reading *r)
{
	r->ret->command = (enum rules_command)rules_command(r->value.text, r->value.len);
	if (value_is(&r->value, "resolve-ptr"))
		r->ret->command = RULES_RESOLVE;
	if (r->ret->command)
		return 0;
	return wrong(r, "connect, bind, udp or resolve");
}

enum part { PART_FROM, PART_TO, PART_PORT, PART_USER, PART_COMMAND, PART_NONE };

/* The word of each part, and its key in the log. */
static const struct {
	char word[8], key[8];
} parts[PART_NONE] = {
	{ "from", "client" }, { "to", "dest" },		{ "port", "" },
	{ "user", "user" },   { "command", "command" },
};

static bool is_word(const char *word, size_t len, const char *other)
{
	return strlen(other) == len && memcmp(word, other, len) == 0;
}

static enum part find_part(const char *word, size_t len, bool logged)
{
	enum part part = PART_FROM;

	while (part < PART_NONE &&
	       !(len && is_word(word, len, logged ? parts[part].key : parts[part].word)))
		part++;
	return part;
}

/* The keys of a line of the log that say nothing about the request. */
static bool is_result(const char *key, size_t len)
{
	static const char keys[][9] = { "peer", "reply", "sent",     "received", "time", "end",
					"rule", "error", "protocol", "tls",	 "auth", "via" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (is_word(key, len, keys[i]))
			return true;
	return false;
}

/* Skips the value of such a key, but notes SOCKS 4. Old lines have only its replies, 90 and 91. */
static int skip_result(struct reading *r, const char *key, size_t len, const char **p,
		       const char *end)
{
	struct value *v = &r->value;
	int err = value_find(&r->parser, p, end, v);

	if (!err && is_word(key, len, "protocol"))
		r->socks4 |= v->word_len >= 6 && is_word(v->word, 6, "socks4");
	if (!err && is_word(key, len, "reply"))
		r->socks4 |=
			is_word(v->word, v->word_len, "90") || is_word(v->word, v->word_len, "91");
	return err;
}

static int parse_value(struct reading *r, enum part part, bool logged)
{
	switch (part) {
	case PART_FROM:
		return parse_from(r);
	case PART_TO:
		r->dest_logged = logged;
		return parse_to(r);
	case PART_PORT:
		return parse_port(r);
	case PART_USER:
		return parse_user(r);
	default:
		return parse_command(r);
	}
}

/* Reads `WORD VALUE` or `KEY=VALUE` at *p, and moves *p behind it. len is that of the word. */
static int parse_part(struct reading *r, const char **p, size_t len, const char *end)
{
	const char *word = *p, *sign = memchr(word, '=', len);
	size_t word_len = sign ? (size_t)(sign - word) : len;
	enum part part = find_part(word, word_len, sign);
	unsigned bit = 1u << part;
	int err;

	*p += word_len + (sign != NULL);
	if (sign && part == PART_NONE && is_result(word, word_len))
		return skip_result(r, word, word_len, p, end);
	if (part == PART_NONE)
		return parser_mistake(&r->parser, word, len, "from, to, port, user or command");
	if (r->seen & bit)
		return parser_mistake(&r->parser, word, len, "each word once");
	r->seen |= bit;
	if (!sign)
		*p = chars_skip(*p, end, CHAR_BLANK);
	/* A comment is no value. */
	if (!sign && *p < end && **p == '#')
		end = *p;
	err = value_find(&r->parser, p, end, &r->value);
	if (!err)
		err = value_decode(&r->parser, sign, &r->value);
	return err ? err : parse_value(r, part, sign);
}

/* Brings the parts together: the two places of the port, and what a line of the log means. */
static int finish(struct reading *r)
{
	struct dest *dest = &r->ret->dest;

	/* The rules never see the user id of SOCKS 4, which any client can claim. */
	if (r->socks4)
		memset(r->ret->user, 0, sizeof(r->ret->user));
	/* In UDP ASSOCIATE, the log has the address and port of the client there. */
	if (r->dest_logged && r->ret->command == RULES_UDP) {
		memset(dest, 0, sizeof(*dest));
		return 0;
	}
	if (r->dest_port_zero && r->ret->command == RULES_CONNECT)
		return parser_mistake(&r->parser, r->dest.p, r->dest.len,
				      "a port of 1 to 65535 after the colon");
	if (dest->port && r->dest_port && dest->port != r->dest_port)
		return parser_mistake(&r->parser, r->port.p, r->port.len,
				      "the same port as in `to`, or one of the two");
	if (r->dest_port)
		dest->port = r->dest_port;
	addr_set_port(&dest->addr, dest->port);
	return 0;
}

int rules_question_parse(const struct rules_host *host, const char *text, size_t len,
			 struct rules_question *ret, struct rules_error *mistake)
{
	struct reading r = {
		.parser = { .host = host, .mistake = mistake, .base = text, .end = text + len },
	};
	struct rules_question question;
	const char *p = text, *end = text + len;
	size_t word_len;
	int err = 0;

	memset(&question, 0, sizeof(question));
	question.kind = CLIENT_LOCAL;
	question.command = RULES_CONNECT;
	r.ret = &question;
	while (!err && (word_len = chars_word(&p, end)) != 0 && *p != '#')
		err = parse_part(&r, &p, word_len, end);
	if (!err)
		err = finish(&r);
	if (!err)
		*ret = question;
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read rules share: the text in hand, what is open in the table, and how a
 * mistake is noted. For policy/rules*.c alone.
 */
#ifndef POLICY_RULES_PARSER_H
#define POLICY_RULES_PARSER_H

#include "policy/rules_table.h"

/* One text being read, a rule's or a list's, and what of it is open in the table. */
struct parser {
	struct rules *rules;
	const struct rules_host *host;
	struct rules_error *err;
	const char *file; /* of the text */
	unsigned line;
	const char *base; /* what columns count from: the rule, or the line of the list */
	const char *text; /* what offsets count from: the rule, or the list */
	uint32_t run;	  /* offset of the open run's head, 0: none */
	uint8_t section;
	bool host_bits;
};

/* Notes a mistake; returns -EINVAL. */
int parser_mistake(const struct parser *parser, const char *word, size_t len, const char *expected);

/* Notes an error that is no mistake in the text; returns it. */
int parser_error(const struct parser *parser, const char *word, size_t len, const char *expected,
	int error);

/* Room for an item of size bytes in a run of that kind, opened if need be; NULL: no memory. */
void *parser_item(struct parser *parser, enum run_kind kind, size_t size);

/* Each reads one item of a condition and appends it. 0 or a negative error, noted. */
int parser_address(struct parser *parser, const char *word, size_t len);
int parser_list(struct parser *parser, const char *word, size_t len);
int parser_ports(struct parser *parser, const char *word, size_t len);

/* A port: a number of 1 to 65535 or a service name. 0 or -EINVAL, noted nowhere. */
int rules_port(const struct rules_host *host, const char *word, size_t len, uint16_t *ret);

/* One of enum rules_command by its word; 0: none. */
unsigned rules_command(const char *word, size_t len);

/* The next word of a line: from *p to end, separated by blanks. Its length, 0 at the end. */
size_t rules_word(const char **p, const char *end);

static inline bool rules_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

#endif

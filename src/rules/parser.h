/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read rules share: the text in hand, what is open in the table, and how a
 * mistake is noted. For rules/ alone.
 */
#ifndef RULES_PARSER_H
#define RULES_PARSER_H

#include "rules/chars.h"
#include "rules/table.h"

/* One text being read, a rule's or a list's, and what of it is open in the table. */
struct parser {
	struct rules *rules;
	const struct rules_host *host;
	struct rules_error *mistake;
	const char *file; /* of the text */
	unsigned line;
	const char *base; /* what columns count from: the rule, or the line of the list */
	const char *text; /* what offsets count from: the rule, or the list */
	uint32_t run;	  /* offset of the open run's head, 0: none */
	uint8_t section;
	uint8_t seen; /* classes of the bytes of the item in hand */
	bool host_bits;
};

/* Notes a mistake; returns -EINVAL. */
int parser_mistake(const struct parser *parser, const char *word, size_t len, const char *expected);

/* Notes an error that is no mistake in the text; returns it. */
int parser_error(const struct parser *parser, const char *word, size_t len, const char *expected,
		 int err);

/* The same for an error that memory is the reason of; returns -ENOMEM. */
int parser_no_memory(const struct parser *parser, const char *word, size_t len);

/* Begins a run and makes room for its first item; NULL: no memory. */
void *parser_open_run(struct parser *parser, enum run_kind kind, size_t size);

/* Room for an item of size bytes in a run of that kind, opened if need be; NULL: no memory. */
static inline void *parser_item(struct parser *parser, enum run_kind kind, size_t size)
{
	struct rules *rules = parser->rules;
	uint32_t *head;
	void *item;

	if (!parser->run)
		return parser_open_run(parser, kind, size);
	head = rules_at(rules, parser->run);
	if (run_kind(*head) != kind || run_count(*head) == RUN_COUNT_MAX || kind == RUN_LIST)
		return parser_open_run(parser, kind, size);
	item = rules_push(rules, size);
	if (item)
		*(uint32_t *)rules_at(rules, parser->run) += RUN_ONE;
	return item;
}

/* Appends an IPv4 NET; false: no memory. */
bool parser_net4(struct parser *parser, uint32_t addr, unsigned bits);

/*
 * The short way for what most items are: an IPv4 NET that begins at p and ends at end or at a byte
 * of these classes. Appends it and returns its end; or returns NULL, and the long way tells why.
 */
const char *parser_plain_net4(struct parser *parser, const char *p, const char *end,
			      unsigned stop_at);

/*
 * Each reads one item of a condition, whose classes stand in parser->seen, and appends it. 0 or a
 * negative error, noted.
 */
int parser_address(struct parser *parser, const char *word, size_t len);
int parser_list(struct parser *parser, const char *word, size_t len);
int parser_ports(struct parser *parser, const char *word, size_t len);

/* A port: a number of 1 to 65535 or a service name. 0 or -EINVAL, noted nowhere. */
int rules_port(const struct rules_host *host, const char *word, size_t len, uint16_t *ret);

/* One of enum rules_command by its word; 0: none. */
unsigned rules_command(const char *word, size_t len);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared by the files that read rules: the text that is being read, the section and the run that
 * are being written, and the functions that note a mistake. For rules/ alone.
 */
#ifndef RULES_PARSER_H
#define RULES_PARSER_H

#include "base/cold.h"
#include "rules/chars.h"
#include "rules/table.h"

/* A text that is being read, of a rule or a list, and its section and run in the table. */
struct parser {
	struct rules *rules;
	const struct rules_host *host;
	struct rules_error *mistake;
	const char *file; /* the file that the text is from */
	unsigned line;
	const char *base;     /* columns count from here: the rule, or the line of the list */
	const char *text;     /* offsets count from here: the rule, or the list */
	const char *list_end; /* the end of the text, if it is a list; else NULL */
	const char *end;      /* the end of the text, if it is a rule or a question */
	uint32_t run;	      /* offset of the head of the open run; 0: none */
	uint8_t section;      /* enum section_kind */
	uint8_t seen;	      /* the classes of the bytes of the current item */
	uint8_t part;	      /* enum rules_part */
	uint8_t verdict;      /* enum rules_verdict, of a rule */
	bool host_bits;	      /* a NET has bits set after its prefix */
};

/* Notes a mistake, and hides a word that may have a parent's password. Returns -EINVAL. */
COLD_CODE int parser_mistake(const struct parser *parser, const char *word, size_t len,
			     const char *expected);

/* Notes an error that is not a mistake in the text. Returns err. */
COLD_CODE int parser_error(const struct parser *parser, const char *word, size_t len,
			   const char *expected, int err);

/* Notes that there is no memory. Returns -ENOMEM. */
COLD_CODE int parser_no_memory(const struct parser *parser, const char *word, size_t len);

/* Begins a run and makes room for its first item. Returns the item; NULL: no memory. */
void *parser_open_run(struct parser *parser, enum run_kind kind, size_t size);

/*
 * Makes room for an item of size bytes in a run of that kind, and opens the run if necessary.
 * Returns the item; NULL: no memory.
 */
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

/* Appends an IPv4 NET. Returns false if there is no memory. */
bool parser_net4(struct parser *parser, uint32_t addr, unsigned bits);

/*
 * A short cut for the most frequent item: an IPv4 NET that begins at p and ends at `end` or at a
 * byte of these classes. Appends it and returns its end. Returns NULL if there is none or no
 * memory; then read the item with parser_address(), which notes the reason.
 */
const char *parser_plain_net4(struct parser *parser, const char *p, const char *end,
			      unsigned stop_at);

/*
 * Each reads one item of a condition and appends it. parser->seen has the classes of its bytes.
 * Returns 0, or a negative errno, which has been noted.
 */
int parser_address(struct parser *parser, const char *word, size_t len);
int parser_list(struct parser *parser, const char *word, size_t len);
int parser_ports(struct parser *parser, const char *word, size_t len);
int parser_user(struct parser *parser, const char *word, size_t len);

/*
 * Reads the line at p of a list of users that ends at `end`, and appends its name if it has one.
 * *stop is the end of the line. Returns what the functions above return.
 */
int parser_user_line(struct parser *parser, const char *p, const char *end, const char **stop);

/* Reads the end of a rule, from the word `via` on. Returns what the functions above return. */
COLD_CODE int parser_via(struct parser *parser, const char *via, const char *end);

/*
 * Reads a port: a number of 1 to 65535, or the name of a service. Returns 0, -EINVAL if it is
 * neither, or an error of host->service(). Nothing is noted.
 */
int rules_port(const struct rules_host *host, const char *word, size_t len, uint16_t *ret);

/* Returns the name of the i-th service that is known without host->service(); NULL at the end. */
COLD_CODE const char *rules_service_name(size_t i);

/* Returns the enum rules_command that has this word; 0: none. */
unsigned rules_command(const char *word, size_t len);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How rules are stored: one block of memory, rule after rule. A rule is a struct rule and its
 * sections; a section is runs of items of one kind. So 10,000 rules are read in one walk over
 * neighbouring bytes, and no rule costs an allocation of its own. For rules/ alone.
 */
#ifndef RULES_TABLE_H
#define RULES_TABLE_H

#include "rules/rules.h"

enum { RULES_ALL_COMMANDS = RULES_CONNECT | RULES_BIND | RULES_UDP | RULES_RESOLVE };

/* Begins a rule. Its sections follow; `size` counts them too. Always at a multiple of 8. */
struct rule {
	const char *text, *file;
	uint32_t line, text_len, size;
	uint8_t verdict;  /* enum rules_verdict */
	uint8_t commands; /* a set of enum rules_command; all of them without `command` */
	bool host_bits;	  /* a NET has bits set after its prefix; they are ignored */
};

/* Begins a section. Its runs follow; `size` counts them too. */
struct section {
	uint32_t kind, size;
};

enum section_kind { SECTION_FROM, SECTION_TO, SECTION_PORT, SECTION_USER, SECTION_ROUTE };

/* The one item of SECTION_ROUTE: a part of the rule's text. */
struct route_item {
	uint32_t at, len;
};

/* A run begins with a word: run_kind in the low byte, and the number of items in the others. */
enum run_kind {
	RUN_NET4,	  /* struct net4 */
	RUN_NET4_SPECIAL, /* the same, each inside a special range */
	RUN_NET6,	  /* struct net6 */
	RUN_NET6_SPECIAL,
	RUN_NAME,  /* struct name */
	RUN_GROUP, /* uint32_t: one of enum group */
	RUN_LIST,  /* one struct list_item */
	RUN_PORT,  /* struct ports */
	RUN_USER,  /* struct user */
};

enum { RUN_ONE = 0x100, RUN_COUNT_MAX = 0xffffff };

struct net4 {
	uint32_t net, mask; /* host order */
};

struct net6 {
	uint32_t net[4]; /* host order, word by word */
	uint32_t bits;
};

/* A name, or a domain with its leading dot; `at` is its offset in the text that it is from. */
struct name {
	uint32_t key, at;
};

struct ports {
	uint16_t low, high;
};

/* A user name; `at` is as in struct name. A rule's `*` is GROUP_ANY instead. */
struct user {
	uint32_t key; /* user_key(): the low byte is the length of the name */
	uint32_t at;
};

enum { USER_MAX = 255 };

static inline size_t user_len(const struct user *user)
{
	return user->key & USER_MAX;
}

/*
 * `list` is the offset of a struct list. The list follows the first item that names it; that item
 * has its size in `skip`, so that a walk over the items skips it. In all other items `skip` is 0.
 */
struct list_item {
	uint32_t list, skip;
};

/* A list file. Its runs follow; `size` counts them too. Always at a multiple of 8. */
struct list {
	const char *text, *file;
	size_t text_len;
	const char *path, *near; /* as given to host->list() */
	uint32_t path_len, size;
	uint32_t next;	    /* the list that was read before it; 0: none */
	uint32_t host_bits; /* the first line with a NET that has bits set after its prefix */
	uint8_t section;    /* SECTION_FROM, SECTION_TO or SECTION_USER */
};

/* Sets of addresses that have a name. */
enum group {
	GROUP_ANY = 1,
	GROUP_LOOPBACK = 2,
	GROUP_PRIVATE = 4,
	GROUP_LINK_LOCAL = 8,
	GROUP_MULTICAST = 16,
	GROUP_UNSPECIFIED = 32,
	GROUP_SELF = 64,
	GROUP_LOCAL = 128,
	GROUP_METADATA = 256, /* has no word in the language */
	GROUP_LITERAL = 512,  /* no set of addresses: the destination is not given as a name */
	GROUPS_SPECIAL = GROUP_LOOPBACK | GROUP_LINK_LOCAL | GROUP_MULTICAST | GROUP_UNSPECIFIED |
			 GROUP_SELF | GROUP_METADATA,
};

/* ---- table.c ---- */

/* Makes room for n more bytes, which may move the table. Returns false if there is no memory. */
bool rules_grow(struct rules *rules, size_t n);

/* Appends n bytes, a multiple of 4, and returns them; the table may move. NULL: no memory. */
static inline void *rules_push(struct rules *rules, size_t n)
{
	unsigned char *ret;

	if (n > rules->size - rules->used && !rules_grow(rules, n))
		return NULL;
	ret = rules->memory + rules->used;
	rules->used += (uint32_t)n;
	return ret;
}

/* Makes the next push begin at a multiple of 8. Returns false if there is no memory. */
bool rules_align(struct rules *rules);

static inline void *rules_at(const struct rules *rules, uint32_t offset)
{
	return rules->memory + offset;
}

static inline enum run_kind run_kind(uint32_t head)
{
	return (enum run_kind)(head & 0xff);
}

static inline uint32_t run_count(uint32_t head)
{
	return head >> 8;
}

/* Returns the size of a run in bytes, without its head. */
size_t run_size(const uint32_t *head);

/* Returns the next rule, the first one for NULL; NULL at the end. */
const struct rule *rules_next(const struct rules *rules, const struct rule *rule);

/* Returns the section of that kind; NULL: the rule has none. */
const struct section *rule_section(const struct rule *rule, enum section_kind kind);

/* Returns the place and the text of a rule. */
struct rules_where rule_where(const struct rule *rule);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NETs, groups and names as values that reading and matching have in common. For rules/
 * alone.
 */
#ifndef RULES_WORDS_H
#define RULES_WORDS_H

#include "rules/table.h"

/* ---- net.c ---- */

/* NETs as numbers in host order. *stop is where reading ended. False: no such address. */
bool net4_scan(const char *p, const char *end, uint32_t *ret, const char **stop);

/*
 * The same of the plain spellings of IPv6, up to end: groups and one gap. Others, and what
 * is IPv4-mapped by them, are for addr_parse(). ret has four words.
 */
bool net6_scan(const char *p, const char *end, uint32_t *ret);

/* "/24" up to end, 0 to max; -1: something else. */
int net_bits(const char *p, const char *end, int max);

static inline uint32_t net4_mask(unsigned bits)
{
	return bits ? ~(uint32_t)0 << (32 - bits) : 0;
}

void net6_words(const union endpoint *addr, uint32_t *ret);

/* Do the first bits of a equal those of net? */
bool net6_holds(const uint32_t *net, unsigned bits, const uint32_t *a);

/* Zeroes what stands behind the first bits; true if there was something. */
bool net6_cut(uint32_t *net, unsigned bits);

/* ---- name.c ---- */

enum { NAME_KEYS_MAX = 130 };

/* A name asked about: the key of itself and of each domain it is in. */
struct name_keys {
	const char *name;
	size_t len; /* without final dot */
	unsigned count;
	uint64_t bits; /* of all keys, to sort out the many that don't match */
	uint32_t key[NAME_KEYS_MAX];
	uint8_t at[NAME_KEYS_MAX]; /* where the domain begins; the name itself comes first */
};

/* The key of a name of CHARS_NAME as it stands in a rule. 0, or -EINVAL: no name. */
int name_key(const char *word, size_t len, uint32_t *ret);

void name_keys(const char *name, struct name_keys *ret);

/*
 * Is the name that begins at text (it ends at a byte that no name has, at end at the latest) one
 * of these?
 */
bool name_is_one(const struct name_keys *keys, uint32_t key, const char *text, const char *end);

/* ---- special.c ---- */

/* The groups that an address is in by itself, GROUP_SELF and GROUP_ANY left out. */
unsigned rules_groups4(uint32_t addr);
unsigned rules_groups6(const uint32_t *addr);

/* Does the NET lie inside of a special range? */
bool net4_is_special(uint32_t net, unsigned bits);
bool net6_is_special(const uint32_t *net, unsigned bits);

/* IPv4 addresses that an IPv6 one may lead to, at most ADDR_EMBEDDED_MAX. Returns how many. */
unsigned rules_disguises(const union endpoint *addr, struct addr_embedded *ret);

/* The group of this word; 0: none. */
unsigned rules_group(const char *word, size_t len);

#endif

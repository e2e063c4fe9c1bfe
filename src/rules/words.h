/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of NETs, groups and names, to read rules and to match them. For rules/ alone. */
#ifndef RULES_WORDS_H
#define RULES_WORDS_H

#include "rules/table.h"

/* ---- net.c ---- */

/*
 * Reads an IPv4 address, as a number in host order. *stop is the end of the address. Returns false
 * if there is none.
 */
bool net4_scan(const char *p, const char *end, uint32_t *ret, const char **stop);

/*
 * Reads an IPv6 address that ends at `end` into four words in host order. Knows the plain
 * spellings: groups and one gap. Returns false for anything else and for IPv4-mapped addresses:
 * then use addr_parse().
 */
bool net6_scan(const char *p, const char *end, uint32_t *ret);

/* Reads "/24" up to `end`. Returns the number, 0 to max; -1: something else. */
int net_bits(const char *p, const char *end, int max);

/* Returns the mask of a prefix length. */
static inline uint32_t net4_mask(unsigned bits)
{
	return bits ? ~(uint32_t)0 << (32 - bits) : 0;
}

/* Stores an IPv6 address as four words in host order. */
void net6_words(const union endpoint *addr, uint32_t *ret);

/* Returns true if the first `bits` bits of a equal those of net. */
bool net6_holds(const uint32_t *net, unsigned bits, const uint32_t *a);

/* Clears the bits after the first `bits`. Returns true if any of them was set. */
bool net6_cut(uint32_t *net, unsigned bits);

/* ---- name.c ---- */

enum { NAME_KEYS_MAX = 130 };

/* The name in a question: its own key, and the key of each domain that it is in. */
struct name_keys {
	const char *name;
	size_t len; /* without a final dot */
	unsigned count;
	uint64_t bits; /* a bit for each key, to skip most names that don't match */
	uint32_t key[NAME_KEYS_MAX];
	uint8_t at[NAME_KEYS_MAX]; /* where each domain begins; the name itself comes first */
};

/* Makes the key of a name in a rule, all bytes of CHARS_NAME. Returns 0; -EINVAL: not a name. */
int name_key(const char *word, size_t len, uint32_t *ret);

/* Makes the keys of the name in a question, and points to it. */
void name_keys(const char *name, struct name_keys *ret);

/*
 * Returns true if the name at text, which has this key, is one of these. It ends before a byte that
 * no name has, or at `end`.
 */
bool name_is_one(const struct name_keys *keys, uint32_t key, const char *text, const char *end);

/* Makes the key of a user name of 1 to 255 bytes. The low byte of the key is the length. */
uint32_t user_key(const char *name, size_t len);

/* ---- special.c ---- */

/* Return the groups that an address is in, without GROUP_SELF and GROUP_ANY. */
unsigned rules_groups4(uint32_t addr);
unsigned rules_groups6(const uint32_t *addr);

/* Return true if the NET lies inside a special range. */
bool net4_is_special(uint32_t net, unsigned bits);
bool net6_is_special(const uint32_t *net, unsigned bits);

/*
 * Finds the IPv4 addresses that an IPv6 address may lead to, at most ADDR_EMBEDDED_MAX. Returns
 * their number.
 */
unsigned rules_disguises(const union endpoint *addr, struct addr_embedded *ret);

/* Returns the group that has this word; 0: none. */
unsigned rules_group(const char *word, size_t len);

#endif

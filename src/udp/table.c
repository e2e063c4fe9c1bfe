/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set-associative table that replaces the least recently used entry. Does no I/O. */
#include "udp/table.h"

#include <string.h>

static uint32_t mix(uint32_t h, uint32_t word)
{
	h = (h ^ word) * 0x9e3779b1U;
	return h ^ h >> 15;
}

/* The hash needs no secret: a client that provokes collisions only replaces its own entries. */
static struct udp_entry *set_of(struct udp_table *t, const union endpoint *key)
{
	uint32_t words[4] = { 0 }, h = addr_port(key);

	if (key->sa.sa_family == AF_INET)
		words[0] = key->in.sin_addr.s_addr;
	else
		memcpy(words, &key->in6.sin6_addr, sizeof(words));
	for (size_t i = 0; i < 4; i++)
		h = mix(h, words[i]);
	return t->entry[h % UDP_TABLE_SETS];
}

struct udp_entry *udp_table_find(struct udp_table *t, const union endpoint *key)
{
	struct udp_entry *set = set_of(t, key);

	for (size_t i = 0; i < UDP_TABLE_WAYS; i++)
		if (addr_same(&set[i].key, key))
			return &set[i];
	return NULL;
}

struct udp_entry *udp_table_use(struct udp_table *t, const union endpoint *key)
{
	struct udp_entry *e = udp_table_find(t, key);

	if (!e) {
		struct udp_entry *set = set_of(t, key);

		e = set;
		for (size_t i = 1; i < UDP_TABLE_WAYS; i++)
			if (set[i].used < e->used)
				e = &set[i];
		memset(e, 0, sizeof(*e));
		e->key = *key;
	}
	e->used = ++t->uses;
	return e;
}

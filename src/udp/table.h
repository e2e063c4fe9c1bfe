/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded table of addresses, and of the facts that a UDP association remembers about each.
 * Address and port choose a set of eight entries; in a full set, the entry that was used longest
 * ago is replaced.
 */
#ifndef UDP_TABLE_H
#define UDP_TABLE_H

#include "wire/addr.h"

enum { UDP_TABLE_SETS = 512, UDP_TABLE_WAYS = 8 };

struct udp_entry {
	union endpoint key; /* AF_UNSPEC (0): free */
	uint64_t used;	    /* the table's count at the latest use */
	int64_t time_ms;    /* the caller's own */
	int value;	    /* the caller's own */
};

/* An empty table is all zero. */
struct udp_table {
	uint64_t uses;
	struct udp_entry entry[UDP_TABLE_SETS][UDP_TABLE_WAYS];
};

/* Finds the entry of this address and port. Returns NULL if there is none. Counts no use. */
struct udp_entry *udp_table_find(struct udp_table *t, const union endpoint *key);

/* Finds the entry, or makes it, with time_ms and value 0. Counts a use. */
struct udp_entry *udp_table_use(struct udp_table *t, const union endpoint *key);

#endif

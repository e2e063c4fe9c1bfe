/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded table of addresses, for what a UDP association has to remember of each. When it is
 * full, what was used longest ago gives way: of a set of eight, which the address itself chooses.
 */
#ifndef UDP_TABLE_H
#define UDP_TABLE_H

#include "wire/addr.h"

enum { UDP_TABLE_SETS = 512, UDP_TABLE_WAYS = 8 };

struct udp_entry {
	union endpoint key; /* AF_UNSPEC (0): free */
	uint64_t used;	    /* the table's count at the latest use */
	int64_t time_ms;    /* the owner's */
	bool value;	    /* the owner's */
};

/* Zero is an empty one. */
struct udp_table {
	uint64_t uses;
	struct udp_entry entry[UDP_TABLE_SETS][UDP_TABLE_WAYS];
};

/* Address and port are the key. NULL if it is not there; does not count as a use. */
struct udp_entry *udp_table_find(struct udp_table *t, const union endpoint *key);

/* Finds it or makes it (with time_ms and value 0), and counts a use. */
struct udp_entry *udp_table_use(struct udp_table *t, const union endpoint *key);

#endif

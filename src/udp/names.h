/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names among the destinations of a UDP association: a cache of their addresses, bounded in
 * size and time, and the datagrams that wait while a name is looked up for the first time. Lookups
 * are limited by a bucket of 64 tokens, which gets another one every 100 ms.
 */
#ifndef UDP_NAMES_H
#define UDP_NAMES_H

#include "net/resolve_many.h"
#include "udp/batch.h"

enum {
	UDP_NAMES_MAX = 64,
	UDP_HELD_MAX = 32,
	UDP_HELD_PER_NAME = 8,
	UDP_LOOKUPS_AT_ONCE = 64,
	UDP_LOOKUP_EVERY_MS = 100, /* after the first 64 */
};

/*
 * Returns the number of the way by which datagrams may go to this address, or a negative errno if
 * they may not. named is the destination that they name, or NULL if they carry the address itself.
 * If the address is NULL, returns 0 if any address of the name could be allowed.
 */
typedef int udp_allows(void *ctx, const struct dest *named, const union endpoint *to);

/* Where datagrams go, and by which way. */
struct udp_target {
	union endpoint addr;
	int way;
};

struct udp_name {
	struct dest dest;     /* name and port */
	struct udp_target to; /* AF_UNSPEC: no address is known, or none is allowed */
	int64_t fresh_until_ms;
	uint64_t used;
	bool asked;  /* a lookup is under way */
	bool denied; /* the rules allow no address */
};

struct udp_held {
	uint64_t order; /* 0: free */
	size_t name;	/* index */
	int64_t until_ms;
	size_t len;
	uint8_t data[UDP_PAYLOAD];
};

/* Must be zero before udp_names_init(). Must not move, and must last as long as the process. */
struct udp_names {
	struct resolve_many lookups;
	udp_allows *allows;
	void *ctx;
	int64_t patience_ms; /* how long a datagram waits; 0: without limit */
	uint64_t uses;
	int64_t full_ms;     /* when the bucket of lookups is full again */
	const char *trouble; /* in words, why the latest lookup that failed has failed; or NULL */
	struct udp_name name[UDP_NAMES_MAX];
	struct udp_held held[UDP_HELD_MAX];
};

/*
 * Sets up an empty cache. allows() judges every name and its addresses. Returns the descriptor to
 * poll, or -errno.
 */
int udp_names_init(struct udp_names *n, enum net_family family, int64_t patience_ms,
		   udp_allows *allows, void *ctx);

/*
 * Finds the address of a name, and the way to it. Returns 0; -ENOENT if the name has no address;
 * -EACCES if it has none that is allowed; -EBUSY if it may not be looked up now; or -EAGAIN if it
 * is being looked up. In that case the datagram is kept for udp_names_release(); if there is no
 * room, it replaces the oldest one of its name, or of all. If data is NULL, nothing is kept: ask
 * again when a lookup has ended.
 *
 * If no lookup may be made now, a new name replaces no other, and a known one keeps its address.
 */
int udp_names_find(struct udp_names *n, const struct dest *dest, int64_t now_ms, const void *data,
		   size_t len, struct udp_target *ret);

/* Takes the results of the lookups that have ended. Call it when the descriptor is readable. */
void udp_names_collect(struct udp_names *n, int64_t now_ms);

/*
 * Returns the next datagram whose name has become known, with its destination; or NULL. It is valid
 * until the next udp_names_find().
 */
const struct udp_held *udp_names_release(struct udp_names *n, int64_t now_ms,
					 struct udp_target *to);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names among a UDP association's destinations: a cache of their addresses, bounded in size and
 * time, and the datagrams that wait while a name is looked up for the first time. How many are
 * looked up is bounded in time: a bucket of 64 tokens, which gets another one every 100 ms.
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
	UDP_LOOKUP_EVERY_MS = 100, /* beyond that */
};

/*
 * May datagrams go to this address, of the destination that they name (NULL: they name none)? And
 * to NULL: could any address of the name do?
 */
typedef bool udp_allows(void *ctx, const struct dest *named, const union endpoint *to);

struct udp_name {
	struct dest dest;    /* name and port */
	union endpoint addr; /* where it leads; AF_UNSPEC: nowhere that we know of */
	int64_t fresh_until_ms;
	uint64_t used;
	bool asked; /* a lookup is under way */
};

struct udp_held {
	uint64_t order; /* 0: free */
	size_t name;	/* index */
	int64_t until_ms;
	size_t len;
	uint8_t data[UDP_PAYLOAD];
};

/* Zero before udp_names_init(); must stay where it is, as long as the process. */
struct udp_names {
	struct resolve_many lookups;
	udp_allows *allows;
	void *ctx;
	int64_t patience_ms; /* how long a datagram waits; 0: as long as it takes */
	uint64_t uses;
	int64_t full_ms;     /* when the bucket of lookups is full again */
	const char *trouble; /* why the latest name that failed did, in words; or NULL */
	struct udp_name name[UDP_NAMES_MAX];
	struct udp_held held[UDP_HELD_MAX];
};

/* What allows says no to leads nowhere. Returns the descriptor to poll, or -errno. */
int udp_names_init(struct udp_names *n, enum net_family family, int64_t patience_ms,
		   udp_allows *allows, void *ctx);

/*
 * Where does this name lead? 0 and *ret; -ENOENT: nowhere, or it may not be looked up now; -EAGAIN:
 * it is looked up, and the datagram was kept for udp_names_release() (the oldest of the name, or of
 * all, gave way if there was no room). A new name that may not be looked up takes nobody's place; a
 * known one goes on leading where it did.
 */
int udp_names_find(struct udp_names *n, const struct dest *dest, int64_t now_ms, const void *data,
		   size_t len, union endpoint *ret);

/* Takes in the lookups that have ended: call it when the descriptor is readable. */
void udp_names_collect(struct udp_names *n, int64_t now_ms);

/* The next datagram whose name has become known, valid until the next udp_names_find(); or NULL. */
const struct udp_held *udp_names_release(struct udp_names *n, int64_t now_ms, union endpoint *to);

#endif

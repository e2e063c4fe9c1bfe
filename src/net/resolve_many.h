/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks up names in the background, several at a time, so that a slow one does not delay the
 * others. At most LOOKUPS_MAX are under way. A lookup can't be cancelled; it ends with the process.
 */
#ifndef NET_RESOLVE_MANY_H
#define NET_RESOLVE_MANY_H

#include "net/resolve.h"

#include <pthread.h>

enum {
	LOOKUPS_MAX = 16,
	LOOKUPS_THREADS = 6, /* the systemd unit allows eight tasks */
};

enum lookup_state { LOOKUP_FREE, LOOKUP_QUEUED, LOOKUP_RUNNING, LOOKUP_DONE };

struct lookup {
	struct dest dest;
	size_t tag; /* the caller's own */
	enum lookup_state state;
	uint64_t ticket; /* the lowest is served first */
	int err;	 /* what resolve_blocking() returned, with found and why */
	const char *why; /* in words, or NULL */
	union endpoint addr[CANDIDATES_MAX];
	struct candidates found; /* in addr */
};

/* Must not move, and must last as long as the process, because threads point to it. */
struct resolve_many {
	struct lookup job[LOOKUPS_MAX];
	pthread_mutex_t lock; /* protects the jobs' states and the members below */
	pthread_cond_t queued;
	uint64_t tickets;
	unsigned threads, idle;
	enum net_family family;
	int done; /* eventfd: readable when a lookup has ended */
};

/* Starts no thread yet. Returns the descriptor to poll, or -errno. */
int resolve_many_init(struct resolve_many *l, enum net_family family);

/* Queues a lookup of the name. Returns 0; -EAGAIN if too many are under way; or another -errno. */
int resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag);

/*
 * Returns a lookup that has ended, or NULL if there is none. Call it until it returns NULL whenever
 * the descriptor is readable. The lookup is the caller's until resolve_many_forget().
 */
struct lookup *resolve_many_ended(struct resolve_many *l);
void resolve_many_forget(struct resolve_many *l, struct lookup *job);

#endif

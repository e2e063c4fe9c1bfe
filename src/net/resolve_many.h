/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names looked up in the background, several at a time, so that a slow one holds up no other. At
 * most LOOKUPS_MAX are under way; there is no way to call one back, they end with the process.
 */
#ifndef NET_RESOLVE_MANY_H
#define NET_RESOLVE_MANY_H

#include "net/resolve.h"

#include <pthread.h>

enum {
	LOOKUPS_MAX = 16,
	LOOKUPS_THREADS = 6, /* the unit allows eight tasks */
};

enum lookup_state { LOOKUP_FREE, LOOKUP_QUEUED, LOOKUP_RUNNING, LOOKUP_DONE };

struct lookup {
	struct dest dest;
	size_t tag; /* the asker's */
	enum lookup_state state;
	uint64_t ticket; /* the lowest is served first */
	int err;	 /* of resolve_blocking(), with found and why */
	const char *why; /* in words, or NULL */
	union endpoint addr[CANDIDATES_MAX];
	struct candidates found; /* in addr */
};

/* Must stay where it is, and as long as the process: threads know it. */
struct resolve_many {
	struct lookup job[LOOKUPS_MAX];
	pthread_mutex_t lock; /* of the jobs' state and what follows */
	pthread_cond_t queued;
	uint64_t tickets;
	unsigned threads, idle;
	enum net_family family;
	int done; /* eventfd: readable when a lookup has ended */
};

/* Returns the descriptor to poll, or -errno. No thread is started yet. */
int resolve_many_init(struct resolve_many *l, enum net_family family);

/* Has the name looked up. Returns 0; -EAGAIN: too many are under way; or another -errno. */
int resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag);

/*
 * One that has ended, or NULL. It is the caller's until resolve_many_forget(). Call until NULL
 * whenever the descriptor is readable.
 */
struct lookup *resolve_many_ended(struct resolve_many *l);
void resolve_many_forget(struct resolve_many *l, struct lookup *job);

#endif

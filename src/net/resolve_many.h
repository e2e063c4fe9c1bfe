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
struct lookups {
	struct lookup job[LOOKUPS_MAX];
	pthread_mutex_t lock; /* of the jobs' state and what follows */
	pthread_cond_t queued;
	uint64_t tickets;
	unsigned threads, idle;
	enum net_family family;
	int done; /* eventfd: readable when a lookup has ended */
};

/* Returns the descriptor to poll, or -errno. No thread is started yet. */
int lookups_init(struct lookups *l, enum net_family family);

/* Has the name looked up. Returns 0; -EAGAIN: too many are under way; or another -errno. */
int lookups_ask(struct lookups *l, const struct dest *dest, size_t tag);

/*
 * One that has ended, or NULL. It is the caller's until lookups_forget(). Call until NULL whenever
 * the descriptor is readable.
 */
struct lookup *lookups_ended(struct lookups *l);
void lookups_forget(struct lookups *l, struct lookup *job);

#endif

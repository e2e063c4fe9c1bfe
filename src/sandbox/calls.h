/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seccomp filters of the phases: tables of the system calls that each may make. */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include "sandbox/filter.h"
#include "sandbox/sandbox.h"

/*
 * Each of these writes a whole filter into *f and puts it in force. Returns 0 or -errno. Filters
 * add up: of their verdicts on a call, the strictest counts.
 */

/* Allows all calls except those that neither we nor our libraries need. In force to the end. */
int calls_converse(struct filter *f);

/* The single bytes of one file that the relays may write by pwrite64(2). n is 0: none. */
struct calls_bytes {
	struct filter_if cond[2 + SANDBOX_BYTES];
	unsigned n;
};

/*
 * Allows these bytes of the file. A filter sees the lower 32 bits of an offset, so it would also
 * let through what lies a multiple of 4 GiB behind them.
 */
void calls_keep_bytes(struct calls_bytes *b, int fd, const uint32_t *at, unsigned n);

/* Allows the relay's calls alone. needs: enum sandbox_need. */
int calls_relay(struct filter *f, unsigned needs, const struct calls_bytes *bytes);

/* Allows the calls of the datagram relay, its threads and its name lookups alone. */
int calls_datagrams(struct filter *f, const struct calls_bytes *bytes);

#endif

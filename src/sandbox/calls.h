/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seccomp filters of the phases: tables of the system calls that each may make. */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include "sandbox/filter.h"

/*
 * Each of these writes a whole filter into *f and puts it in force. Returns 0 or -errno. Filters
 * add up: of their verdicts on a call, the strictest counts.
 */

/* Allows all calls except those that neither we nor our libraries need. In force to the end. */
int calls_converse(struct filter *f);

/* Allows the relay's calls alone. needs: enum sandbox_need. */
int calls_relay(struct filter *f, unsigned needs);

/* Allows the calls of the datagram relay, its threads and its name lookups alone. */
int calls_datagrams(struct filter *f);

#endif

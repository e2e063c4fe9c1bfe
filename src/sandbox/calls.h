/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seccomp filters: which system calls each phase may make. Tables, and nothing else. */
#ifndef SANDBOX_CALLS_H
#define SANDBOX_CALLS_H

#include "sandbox/filter.h"

/*
 * Each writes a whole filter into *f and puts it in force; 0 or -errno. A later one adds to those
 * before it: the strictest verdict counts.
 */

/* Everything but what nobody here has a use for. In force in all later phases too. */
int calls_converse(struct filter *f);

/* These alone; needs: enum sandbox_need. */
int calls_relay(struct filter *f, unsigned needs);
int calls_datagrams(struct filter *f);

#endif

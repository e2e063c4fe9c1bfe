/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes seccomp filters: a rule for each system call, in any order. Knows the form of a filter,
 * and not which calls are good.
 */
#ifndef SANDBOX_FILTER_H
#define SANDBOX_FILTER_H

#include "sandbox/kernel.h"

#include <stdbool.h>

/* Where a rule sends a call. */
enum filter_verdict {
	ALLOW,
	FORBID,	      /* SIGSYS: the handler says so and ends the process */
	FAIL_PERM,    /* EPERM */
	FAIL_ACCESS,  /* EACCES, as Landlock says it */
	FAIL_NOSYS,   /* ENOSYS: libraries try an older call */
	FAIL_COMMAND, /* EINVAL: fcntl(2) and prctl(2) don't know this command */
	FAIL_REQUEST, /* ENOTTY: nor ioctl(2) this request */
	FAIL_FAMILY,  /* EAFNOSUPPORT */
	DO_NOTHING,   /* 0, as if done */
	N_VERDICTS,
	AND, /* in a condition: the next one must hold too; its verdict counts, and is not AND */
};

/*
 * As many as are needed, and little more: a filter stands on the stack of a process that then
 * rests. A filter that needs more is a failure, -ENOBUFS.
 */
enum {
	FILTER_OPS = 184,
	FILTER_EDGES = 128,
	FILTER_ASKS = 12,
	FILTER_NUMBERS = 464, /* of system calls; the last stands for all above */
	FILTER_FATES = N_VERDICTS + FILTER_ASKS + 1,
};

/*
 * One condition on a call. Arguments count from 0; their lower 32 bits are looked at. The last
 * condition of a call is never AND or KEEP_BITS.
 */
struct filter_if {
	uint8_t arg;
	/* KEEP_BITS is none: in those that follow, only these bits of the argument count. */
	enum { IS, IS_NOT, ABOVE, HAS_ANY_BIT, KEEP_BITS } is;
	uint32_t value;
	enum filter_verdict then;
};

struct filter {
	struct bpf_op op[FILTER_OPS];
	uint16_t n;
	bool overfull;
	/* The verdict on each number; N_VERDICTS + i: ask[i] decides. */
	uint8_t fate[FILTER_NUMBERS];
	/* Where in fate another verdict begins. */
	uint16_t edge[FILTER_EDGES + 1];
	struct filter_ask {
		const struct filter_if *cond;
		uint8_t n, otherwise;
	} ask[FILTER_ASKS];
	uint8_t n_asks;
	/* Which verdicts and asks are jumped to, and where they stand. */
	uint32_t used;
	uint8_t at[FILTER_FATES];
};

/* True if the kernel has filters, and the verdicts above. */
bool filter_available(void);

/* A filter for this architecture's own calls, which all meet v; others are death. */
void filter_begin(struct filter *f, enum filter_verdict v);

/* Calls by number. */
void filter_calls(struct filter *f, const uint32_t *nr, unsigned n, enum filter_verdict v);

/* Calls with a number above this one: newer than we are. */
void filter_above(struct filter *f, uint32_t nr, enum filter_verdict v);

/*
 * One call, judged by its arguments: the first condition that holds decides, else otherwise does.
 * The conditions are read by filter_install(), and have to be there until then. Calls that have the
 * same conditions, the very array, are judged alike and share the room.
 */
void filter_call(struct filter *f, uint32_t nr, const struct filter_if *cond, unsigned n,
		 enum filter_verdict otherwise);

/* Puts the filter in force for every thread that there is. 0 or -errno. */
int filter_install(struct filter *f);

/* For filter_install(): writes the filter. What doesn't fit is left out and makes it overfull. */
void filter_assemble(struct filter *f);

#endif

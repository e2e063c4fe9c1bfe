/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes seccomp filters from rules about system calls, which are given in any order. Knows the
 * form of a filter, not which calls are harmless; calls.h knows that.
 *
 *	filter_begin()      one verdict for all calls
 *	filter_calls()      other verdicts for some of them
 *	filter_call()       conditions on the arguments of a call
 *	filter_install()    writes the filter (assemble.c) and puts it in force
 */
#ifndef SANDBOX_FILTER_H
#define SANDBOX_FILTER_H

#include "sandbox/kernel.h"

#include <stdbool.h>

/* What happens to a call. */
enum filter_verdict {
	ALLOW,
	FORBID,	      /* SIGSYS: the handler logs the call and ends the process */
	FAIL_PERM,    /* EPERM */
	FAIL_ACCESS,  /* EACCES, as from Landlock */
	FAIL_NOSYS,   /* ENOSYS: libraries try an older call */
	FAIL_COMMAND, /* EINVAL, as fcntl(2) and prctl(2) say of an unknown command */
	FAIL_REQUEST, /* ENOTTY, as ioctl(2) says of an unknown request */
	FAIL_FAMILY,  /* EAFNOSUPPORT */
	DO_NOTHING,   /* the call is not made, and returns 0 */
	N_VERDICTS,
	AND, /* no verdict: in a condition, the next one must hold too, and has the verdict */
};

/*
 * The sizes of struct filter. They are little more than is needed, because the struct is on the
 * stack of a process that may be idle for long afterwards. A filter that needs more fails with
 * -ENOBUFS.
 */
enum {
	FILTER_OPS = 184,
	FILTER_EDGES = 128,
	FILTER_ASKS = 12,
	FILTER_NUMBERS = 464, /* of system calls; the last one stands for all above it */
	FILTER_FATES = N_VERDICTS + FILTER_ASKS + 1,
};

/*
 * One condition on an argument of a call. Arguments count from 0; only their lower 32 bits are
 * compared. The last condition of a call is never AND or KEEP_BITS.
 */
struct filter_if {
	uint8_t arg;
	/* KEEP_BITS decides nothing: it masks the argument for the conditions that follow. */
	enum { IS, IS_NOT, ABOVE, HAS_ANY_BIT, KEEP_BITS } is;
	uint32_t value;
	enum filter_verdict then;
};

struct filter {
	struct bpf_op op[FILTER_OPS];
	uint16_t n;
	bool overfull;
	/* The verdict on each number; N_VERDICTS + i if ask[i] decides. */
	uint8_t fate[FILTER_NUMBERS];
	/* The positions in fate at which another verdict begins. */
	uint16_t edge[FILTER_EDGES + 1];
	struct filter_ask {
		const struct filter_if *cond;
		uint8_t n, otherwise;
	} ask[FILTER_ASKS];
	uint8_t n_asks;
	/* Which verdicts and asks are jumped to (a bit each), and where they stand. */
	uint32_t used;
	uint8_t at[FILTER_FATES];
};

/* Returns true if the kernel has filters and the verdicts above. */
bool filter_available(void);

/*
 * Begins a filter in which all calls of this architecture get the verdict v. A call of any other
 * architecture kills the process.
 */
void filter_begin(struct filter *f, enum filter_verdict v);

/* Sets the verdict on these calls, given by number. */
void filter_calls(struct filter *f, const uint32_t *nr, unsigned n, enum filter_verdict v);

/* Sets the verdict on all calls with a number above this one. They are newer than this program. */
void filter_above(struct filter *f, uint32_t nr, enum filter_verdict v);

/*
 * Sets conditions on the arguments of a call: the first one that holds decides; if none holds, the
 * verdict is `otherwise`. filter_install() reads the conditions, so they must last until then.
 * Calls that are given the same array of conditions share its room in the filter.
 */
void filter_call(struct filter *f, uint32_t nr, const struct filter_if *cond, unsigned n,
		 enum filter_verdict otherwise);

/* Puts the filter in force for all threads of the process. Returns 0 or -errno. */
int filter_install(struct filter *f);

/* For filter_install(): writes the filter. Sets overfull if it does not fit. */
void filter_assemble(struct filter *f);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes seccomp filters: a rule for each system call, in any order. Knows the form of a filter,
 * and not which calls are good.
 */
#ifndef SANDBOX_FILTER_H
#define SANDBOX_FILTER_H

#include "sandbox_kernel.h"

#include <stdbool.h>

/* Where a rule sends a call. */
enum verdict {
	ALLOW,
	FORBID,	     /* SIGSYS: the handler says so and ends the process */
	FAIL_PERM,   /* EPERM */
	FAIL_NOSYS,  /* ENOSYS: libraries try an older call */
	FAIL_FAMILY, /* EAFNOSUPPORT */
	DO_NOTHING,  /* 0, as if done */
	N_VERDICTS,
};

/* As many as are needed, and no more: one stands on the stack of a process that then rests. */
enum { FILTER_OPS = 176, FILTER_CALLS = 96 };

struct filter {
	struct bpf_op op[FILTER_OPS];
	uint16_t n;
	/* Calls judged by their number alone wait here until the end. */
	struct filter_row {
		uint16_t nr;
		uint8_t v;
	} row[FILTER_CALLS];
	uint16_t n_rows;
};

/* True if the kernel has filters, and the verdicts above. */
bool filter_available(void);

/* An empty filter for this architecture's own calls; others are death. */
void filter_begin(struct filter *f);

/* Calls by number. */
void filter_calls(struct filter *f, const uint32_t *nr, unsigned n, enum verdict v);

/* Calls with a number above this one: newer than we are. */
void filter_above(struct filter *f, uint32_t nr, enum verdict v);

/*
 * One call, judged by its arguments: the first condition that holds decides, else otherwise does.
 * Arguments count from 0; their lower 32 bits are looked at.
 */
struct filter_if {
	uint8_t arg;
	enum { IS, IS_NOT, ABOVE, HAS_ANY_BIT } is;
	uint32_t value;
	enum verdict then;
};
void filter_call(struct filter *f, uint32_t nr, const struct filter_if *cond, unsigned n,
		 enum verdict otherwise);

/* Puts the filter in force: what no rule has decided meets v. 0 or -errno. */
int filter_install(struct filter *f, enum verdict v);

#endif

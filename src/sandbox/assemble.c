/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a filter: a search tree of call numbers, then the conditions on arguments, then the
 * verdicts. Jumps to conditions and verdicts are marks until their places are known.
 */
#include "sandbox/filter.h"
#include "sandbox/arch.h"

#include <errno.h>

enum {
	BEYOND = N_VERDICTS + FILTER_ASKS, /* the fate of numbers too large for the table */
	MARK = 0xe0,			   /* from here on a jump is a mark, not a distance */
	CHAIN = 4,			   /* single numbers that are compared one by one */
};

_Static_assert(BEYOND == FILTER_FATES - 1 && BEYOND < 32, "each has a bit in used");
_Static_assert(FILTER_OPS + 0 <= MARK && MARK + BEYOND <= UINT8_MAX, "distances and marks differ");

static const uint32_t action[N_VERDICTS] = {
	[ALLOW] = VERDICT_ALLOW,
	[FORBID] = VERDICT_TRAP,
	[FAIL_PERM] = VERDICT_ERRNO | EPERM,
	[FAIL_ACCESS] = VERDICT_ERRNO | EACCES,
	[FAIL_NOSYS] = VERDICT_ERRNO | ENOSYS,
	[FAIL_COMMAND] = VERDICT_ERRNO | EINVAL,
	[FAIL_REQUEST] = VERDICT_ERRNO | ENOTTY,
	[FAIL_FAMILY] = VERDICT_ERRNO | EAFNOSUPPORT,
	[DO_NOTHING] = VERDICT_ERRNO,
};

static void emit(struct filter *f, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	if (f->n == FILTER_OPS) {
		f->overfull = true;
		f->n--;
	}
	f->op[f->n++] = (struct bpf_op){ code, jt, jf, k };
}

/* Returns the mark that stands for a jump to this fate: a verdict, an ask, or BEYOND. */
static uint8_t mark(struct filter *f, unsigned fate)
{
	f->used |= UINT32_C(1) << fate;
	return (uint8_t)(MARK + fate);
}

static void condition(struct filter *f, const struct filter_if *c, uint8_t yes, uint8_t no)
{
	static const uint16_t code[] = {
		[IS] = BPF_JUMP_EQUAL,
		[IS_NOT] = BPF_JUMP_EQUAL,
		[ABOVE] = BPF_JUMP_GREATER,
		[HAS_ANY_BIT] = BPF_JUMP_ANY_BIT,
	};

	if (c->is == IS_NOT)
		emit(f, code[c->is], c->value, no, yes);
	else
		emit(f, code[c->is], c->value, yes, no);
}

static void arguments(struct filter *f, const struct filter_ask *a)
{
	const uint8_t otherwise = mark(f, a->otherwise);
	bool loaded = false;

	for (unsigned i = 0; i < a->n; i++) {
		const struct filter_if *c = &a->cond[i];

		if (!loaded || c->arg != c[-1].arg)
			emit(f, BPF_LOAD, CALL_ARGS + 8U * c->arg, 0, 0);
		/* After a pair of conditions, the argument of either may be the one loaded. */
		loaded = !i || c[-1].then != AND || c->arg == c[-1].arg;
		if (c->is == KEEP_BITS)
			emit(f, BPF_AND, c->value, 0, 0);
		else if (c->then != AND)
			condition(f, c, mark(f, c->then), i + 1U == a->n ? otherwise : 0);
		else if (i + 2U == a->n)
			condition(f, c, 0, otherwise);
		else
			condition(f, c, 0, c[1].arg == c->arg ? 1 : 2);
	}
}

/* Finds the edges: the numbers from one edge to the next share a fate. Returns their number. */
static unsigned find_edges(struct filter *f)
{
	unsigned n = 0;

	for (uint16_t i = 0; i < FILTER_NUMBERS; i++) {
		if (i && f->fate[i] == f->fate[i - 1])
			continue;
		if (n == FILTER_EDGES) {
			f->overfull = true;
			break;
		}
		f->edge[n++] = i;
	}
	/* The last number never stands alone: it means all numbers above it. */
	f->edge[n] = FILTER_NUMBERS + 1;
	return n;
}

/*
 * If only a few single numbers differ from the others, and the others share a fate, compares the
 * few one by one. Returns false if it is not so.
 */
static bool chain(struct filter *f, const uint16_t *edge, unsigned n)
{
	unsigned alone[CHAIN], found = 0;
	int others = -1;

	/* Neighbours differ, so the others have at most one range more than there are numbers. */
	if (n > 2 * CHAIN + 1)
		return false;
	for (unsigned i = 0; i < n; i++) {
		int fate = f->fate[edge[i]];

		if (edge[i + 1] != edge[i] + 1) {
			if (others >= 0 && others != fate)
				return false;
			others = fate;
		} else if (found < CHAIN) {
			alone[found++] = edge[i];
		} else {
			return false;
		}
	}
	if (others < 0)
		return false;
	for (unsigned i = 0; i < found; i++)
		emit(f, BPF_JUMP_EQUAL, alone[i], mark(f, f->fate[alone[i]]),
		     i + 1 == found ? mark(f, (unsigned)others) : 0);
	return found > 0;
}

/* Writes a tree: half of the edges go to each side. n is 2 or more. */
static void grow(struct filter *f, const uint16_t *edge, unsigned n)
{
	unsigned half = n / 2, head;

	if (chain(f, edge, n))
		return;
	emit(f, BPF_JUMP_GREATER, edge[half] - 1U, mark(f, f->fate[edge[half]]),
	     mark(f, f->fate[*edge]));
	head = f->n - 1U;
	if (half > 1) {
		f->op[head].jf = 0;
		grow(f, edge, half);
	}
	if (n - half > 1) {
		f->op[head].jt = (uint8_t)(f->n - head - 1);
		grow(f, edge + half, n - half);
	}
}

/* Notes that this fate stands where the next operation is written. */
static void place(struct filter *f, unsigned fate)
{
	f->at[fate] = (uint8_t)f->n;
}

static void deciders(struct filter *f, enum filter_verdict beyond)
{
	place(f, BEYOND);
	/* A tracer that skips a call sets its number to this. */
	emit(f, BPF_JUMP_EQUAL, UINT32_MAX, mark(f, ALLOW), mark(f, beyond));
	for (unsigned i = 0; i < f->n_asks; i++) {
		place(f, N_VERDICTS + i);
		arguments(f, &f->ask[i]);
	}
	for (unsigned v = N_VERDICTS; v-- > 0;) {
		if (!(f->used & UINT32_C(1) << v))
			continue;
		place(f, v);
		emit(f, BPF_RETURN, action[v], 0, 0);
	}
}

/* Replaces a mark in the jump that stands at `from` by the distance. */
static void resolve(const struct filter *f, uint8_t *jump, unsigned from)
{
	if (*jump >= MARK)
		*jump = (uint8_t)(f->at[*jump - MARK] - from - 1);
}

void filter_assemble(struct filter *f)
{
	enum filter_verdict beyond = f->fate[FILTER_NUMBERS - 1];

	f->fate[FILTER_NUMBERS - 1] = BEYOND;
	/*
	 * This operation changes nothing but the time. The kernel runs a new filter for every call
	 * number, to learn which calls are always allowed, and gives up at the first operation that
	 * does more than compare. That saves 50 us of the 500 us that it takes to put both filters
	 * of a session in force, and costs 15 ns for each call.
	 */
	emit(f, BPF_OR, 0, 0, 0);
	emit(f, BPF_LOAD, CALL_ARCH, 0, 0);
	emit(f, BPF_JUMP_EQUAL, THIS_ARCH, 1, 0);
	emit(f, BPF_RETURN, VERDICT_KILL, 0, 0);
	emit(f, BPF_LOAD, CALL_NR, 0, 0);
	grow(f, f->edge, find_edges(f));
	deciders(f, beyond);
	for (unsigned i = 0; i < f->n; i++) {
		resolve(f, &f->op[i].jt, i);
		resolve(f, &f->op[i].jf, i);
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Assembles a filter. Jumps to a verdict are marks until the end of the filter is known. */
#include "sandbox_filter.h"
#include "sandbox_arch.h"

#include <errno.h>
#include <unistd.h>

enum { MARK = 0xf0, LEAF = 4 };

static const uint32_t action[N_VERDICTS] = {
	[ALLOW] = VERDICT_ALLOW,
	[FORBID] = VERDICT_TRAP,
	[FAIL_PERM] = VERDICT_ERRNO | EPERM,
	[FAIL_NOSYS] = VERDICT_ERRNO | ENOSYS,
	[FAIL_FAMILY] = VERDICT_ERRNO | EAFNOSUPPORT,
	[DO_NOTHING] = VERDICT_ERRNO,
};

bool filter_available(void)
{
	const uint32_t trap = VERDICT_TRAP;

	return syscall(SYS_seccomp, FILTER_KNOWS, 0, &trap) == 0;
}

static void emit(struct filter *f, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	if (f->n < FILTER_OPS)
		f->op[f->n++] = (struct bpf_op){ code, jt, jf, k };
}

static uint8_t mark(enum verdict v)
{
	return (uint8_t)(MARK + v);
}

void filter_begin(struct filter *f)
{
	f->n = f->n_rows = 0;
	emit(f, BPF_LOAD, CALL_ARCH, 0, 0);
	emit(f, BPF_JUMP_EQUAL, THIS_ARCH, 1, 0);
	emit(f, BPF_RETURN, VERDICT_KILL, 0, 0);
	emit(f, BPF_LOAD, CALL_NR, 0, 0);
	/* A tracer that skips a call makes its number this. */
	emit(f, BPF_JUMP_EQUAL, UINT32_MAX, mark(ALLOW), 0);
}

void filter_calls(struct filter *f, const uint32_t *nr, unsigned n, enum verdict v)
{
	for (unsigned i = 0; i < n && f->n_rows < FILTER_CALLS; i++)
		f->row[f->n_rows++] = (struct filter_row){ (uint16_t)nr[i], (uint8_t)v };
}

void filter_above(struct filter *f, uint32_t nr, enum verdict v)
{
	emit(f, BPF_JUMP_GREATER, nr, mark(v), 0);
}

static void condition(struct filter *f, const struct filter_if *c)
{
	static const uint16_t code[] = {
		[IS] = BPF_JUMP_EQUAL,
		[IS_NOT] = BPF_JUMP_EQUAL,
		[ABOVE] = BPF_JUMP_GREATER,
		[HAS_ANY_BIT] = BPF_JUMP_ANY_BIT,
	};

	if (c->is == IS_NOT)
		emit(f, code[c->is], c->value, 0, mark(c->then));
	else
		emit(f, code[c->is], c->value, mark(c->then), 0);
}

void filter_call(struct filter *f, uint32_t nr, const struct filter_if *cond, unsigned n,
		 enum verdict otherwise)
{
	uint16_t head = f->n;

	emit(f, BPF_JUMP_EQUAL, nr, 0, 0);
	for (unsigned i = 0; i < n; i++) {
		if (!i || cond[i].arg != cond[i - 1].arg)
			emit(f, BPF_LOAD, CALL_ARGS + 8U * cond[i].arg, 0, 0);
		condition(f, &cond[i]);
	}
	emit(f, BPF_RETURN, action[otherwise], 0, 0);
	/* Another call goes on behind this. */
	f->op[head].jf = (uint8_t)(f->n - head - 1);
}

static void sort(struct filter_row *row, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		struct filter_row r = row[i];
		unsigned j = i;

		for (; j && row[j - 1].nr > r.nr; j--)
			row[j] = row[j - 1];
		row[j] = r;
	}
}

/* A tree, and not a list: the kernel tries each call that it has on a new filter. */
static void grow(struct filter *f, const struct filter_row *row, unsigned n, enum verdict otherwise)
{
	uint16_t head = f->n;
	unsigned half = n / 2;

	if (n <= LEAF) {
		for (unsigned i = 0; i < n; i++)
			emit(f, BPF_JUMP_EQUAL, row[i].nr, mark(row[i].v), 0);
		emit(f, BPF_RETURN, action[otherwise], 0, 0);
		return;
	}
	emit(f, BPF_JUMP_GREATER, row[half - 1].nr, 0, 0);
	grow(f, row, half, otherwise);
	f->op[head].jt = (uint8_t)(f->n - head - 1);
	grow(f, row + half, n - half, otherwise);
}

static void resolve_marks(struct filter *f, uint16_t end)
{
	for (uint16_t i = 0; i < end; i++) {
		struct bpf_op *op = &f->op[i];

		if (op->jt >= MARK)
			op->jt = (uint8_t)(end + op->jt - MARK - i - 1);
		if (op->jf >= MARK)
			op->jf = (uint8_t)(end + op->jf - MARK - i - 1);
	}
}

int filter_install(struct filter *f, enum verdict v)
{
	struct bpf_program program;
	uint16_t end;

	sort(f->row, f->n_rows);
	grow(f, f->row, f->n_rows, v);
	end = f->n;
	for (unsigned i = 0; i < N_VERDICTS; i++)
		emit(f, BPF_RETURN, action[i], 0, 0);
	if (f->n == FILTER_OPS || f->n_rows == FILTER_CALLS)
		return -E2BIG;
	resolve_marks(f, end);
	program = (struct bpf_program){ f->n, f->op };
	return syscall(SYS_seccomp, FILTER_SET, 0, &program) < 0 ? -errno : 0;
}

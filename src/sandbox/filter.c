/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes note of the rules of a filter, and puts it in force. assemble.c writes it. */
#include "sandbox/filter.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool filter_available(void)
{
	const uint32_t trap = VERDICT_TRAP;

	return syscall(SYS_seccomp, FILTER_KNOWS, 0, &trap) == 0;
}

void filter_begin(struct filter *f, enum filter_verdict v)
{
	f->n = 0;
	f->n_asks = 0;
	f->used = 0;
	f->overfull = false;
	memset(f->fate, (int)v, sizeof(f->fate));
}

static void decide(struct filter *f, uint32_t nr, unsigned fate)
{
	if (nr < FILTER_NUMBERS - 1)
		f->fate[nr] = (uint8_t)fate;
	else
		f->overfull = true;
}

void filter_calls(struct filter *f, const uint32_t *nr, unsigned n, enum filter_verdict v)
{
	for (unsigned i = 0; i < n; i++)
		decide(f, nr[i], v);
}

void filter_above(struct filter *f, uint32_t nr, enum filter_verdict v)
{
	for (uint32_t i = nr + 1; i < FILTER_NUMBERS; i++)
		f->fate[i] = (uint8_t)v;
}

void filter_call(struct filter *f, uint32_t nr, const struct filter_if *cond, unsigned n,
		 enum filter_verdict otherwise)
{
	const struct filter_ask ask = { cond, (uint8_t)n, (uint8_t)otherwise };
	unsigned i = 0;

	while (i < f->n_asks && f->ask[i].cond != cond)
		i++;
	if (i == FILTER_ASKS) {
		f->overfull = true;
		return;
	}
	if (i == f->n_asks)
		f->ask[f->n_asks++] = ask;
	decide(f, nr, N_VERDICTS + i);
}

int filter_install(struct filter *f)
{
	struct bpf_program program;
	long other;

	filter_assemble(f);
	if (f->overfull)
		return -ENOBUFS;
	program = (struct bpf_program){ f->n, f->op };
	other = syscall(SYS_seccomp, FILTER_SET, FILTER_ALL_THREADS, &program);
	if (other < 0)
		return -errno;
	/* Another number is that of a thread that has filters of its own. */
	return other ? -EBUSY : 0;
}

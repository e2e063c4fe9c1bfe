/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sandbox on kernels that have less than this one, or more. The test answers the system calls
 * in place of such a kernel, and nothing is confined.
 */
#include "sandbox/sandbox.h"
#include "sandbox/filter.h"
#include "sandbox/landlock.h"
#include "sandbox_kit.h"
#include "syscall_kit.h"
#include "tap.h"

#include <errno.h>

enum { WENT_ON = 101 };

/* Another kernel: its Landlock ABI, its answer to filters, and what the program asked of it. */
static struct {
	bool there;
	int abi, filter_errno;
	long in_the_way; /* the thread that can't get the filter */
	struct landlock_ruleset asked;
	unsigned domains, filters;
} other;

static int fail(int err)
{
	errno = err;
	return -1;
}

static uint64_t known_files(void)
{
	static const uint64_t known[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };

	return known[other.abi < 5 ? other.abi : 5];
}

static long create_ruleset(const struct landlock_ruleset *set, long flags)
{
	if (!other.abi)
		return fail(ENOSYS);
	if (flags)
		return other.abi;
	/* A kernel refuses a structure longer than it knows, unless the rest is zeros. */
	if ((other.abi < 4 && set->net) || (other.abi < 6 && set->scoped))
		return fail(E2BIG);
	if (set->fs & ~known_files())
		return fail(EINVAL);
	other.asked.fs |= set->fs;
	other.asked.net |= set->net;
	other.asked.scoped |= set->scoped;
	return dup(STDOUT_FILENO);
}

static long other_kernel(long nr, const long *a)
{
	if (nr == NR_LANDLOCK_CREATE)
		return create_ruleset((const struct landlock_ruleset *)a[0], a[2]);
	if (nr == NR_LANDLOCK_ADD)
		return 0;
	if (nr == NR_LANDLOCK_RESTRICT)
		return other.domains++, 0;
	if (nr == SYS_prctl)
		return 0;
	if (other.filter_errno)
		return fail(other.filter_errno);
	if (a[0] == FILTER_SET && other.in_the_way)
		return other.in_the_way;
	return other.filters++, 0;
}

static long on_syscall(long nr, const long a[6])
{
	return other.there ? other_kernel(nr, a) : kit_syscall(nr, a);
}

static void report(void *ctx, int nr)
{
	(void)ctx;
	(void)nr;
}

static int all_phases(void)
{
	const uint16_t https = 443;
	int err = sandbox_converse(report, NULL);

	if (!err)
		err = sandbox_connect(https, true);
	return err ? err : sandbox_relay(SANDBOX_WRITE);
}

/* Runs in a child, because its limits can't be raised again. */
static int other_kernels(void)
{
	static const struct {
		int abi;
		const char *has;
	} kernel[] = {
		{ 0, "Landlock: not in this kernel" },
		{ 1, "Landlock: ABI 1 (files)" },
		{ 2, "Landlock: ABI 2 (files)" },
		{ 3, "Landlock: ABI 3 (files)" },
		{ 4, "Landlock: ABI 4 (files, TCP ports)" },
		{ 5, "Landlock: ABI 5 (files, TCP ports)" },
		{ 6, "Landlock: ABI 6 (files, TCP ports, signals, abstract sockets)" },
		{ 99, "Landlock: ABI 99 (files, TCP ports, signals, abstract sockets)" },
	};

	for (size_t i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++) {
		memset(&other, 0, sizeof(other));
		other.there = true;
		other.abi = kernel[i].abi;
		if (all_phases() != 0 || other.filters != 2)
			return 1;
		if (other.domains != (other.abi < 4 ? other.abi ? 2U : 0 : 3U))
			return 2;
		if (other.asked.fs != known_files() ||
		    other.asked.net != (other.abi < 4 ? 0 : 3U) ||
		    other.asked.scoped != (other.abi < 6 ? 0 : 3U))
			return 3;
		if (!strstr(kit_described(), "filters: yes;") ||
		    !strstr(kit_described(), kernel[i].has))
			return 4;
	}
	return WENT_ON;
}

static int without_filters(void)
{
	static const int none[] = { ENOSYS, EINVAL, EPERM };

	memset(&other, 0, sizeof(other));
	other.there = true;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		other.filter_errno = none[i];
		if (all_phases() != 0 || sandbox_datagrams() != 0)
			return 1;
	}
	if (!strstr(kit_described(), "filters: not in this kernel; Landlock: not in this kernel"))
		return 2;
	other.filter_errno = ENOMEM;
	if (all_phases() != -ENOMEM || sandbox_datagrams() != -ENOMEM)
		return 3;
	/* The error of a filter that does not fit. */
	other.filter_errno = ENOBUFS;
	if (all_phases() != -ENOBUFS || sandbox_datagrams() != -ENOBUFS)
		return 4;
	other.filter_errno = 0;
	other.in_the_way = 1234;
	return all_phases() == -EBUSY && sandbox_datagrams() == -EBUSY ? WENT_ON : 5;
}

int main(void)
{
	is_int(kit_child(other_kernels), WENT_ON,
	       "each Landlock is asked for all that it knows, and for no more");
	is_int(kit_child(without_filters), WENT_ON,
	       "a kernel without filters is accepted, an error is not");
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filters of the two relays: short lists of the calls that they make. The filter of the
 * conversation stays in force beside them, with everything that it forbids.
 */
#include "sandbox/calls.h"
#include "sandbox/sandbox.h"
#include "sandbox/arch.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { NR_RSEQ = NR_RSEQ_HERE, NR_FACCESSAT2 = 439 };

/* What the relay does with its descriptors and its memory, for every kind of client. */
static void relay_ends(struct filter *f, unsigned needs)
{
	static const struct filter_if ioctl[] = {
		{ 1, IS, SIOCOUTQ, ALLOW },
		{ 1, IS, FIONBIO, ALLOW },
	};
	static const struct filter_if setsockopt[] = {
		{ 1, IS_NOT, SOL_SOCKET, FAIL_PERM },
		{ 2, IS, SO_LINGER, ALLOW },
	};
	static const struct filter_if madvise[] = {
		{ 2, IS, MADV_DONTNEED, ALLOW },
		{ 2, IS, MADV_FREE, ALLOW },
		{ 2, IS, MADV_HUGEPAGE, ALLOW },
	};

	filter_call(f, __NR_madvise, madvise, needs & SANDBOX_LAYER ? LENGTH(madvise) : 1, FORBID);
	filter_call(f, __NR_ioctl, ioctl, LENGTH(ioctl), FORBID);
	filter_call(f, __NR_setsockopt, setsockopt, LENGTH(setsockopt), FAIL_PERM);
}

/*
 * libsystemd makes a socket when it first sends, and tries to give it large buffers. It would put a
 * line that can't be sent into a file in memory, which it names after the thread, so it asks for
 * the name of the thread. The file is refused: the line is lost, but the process goes on.
 */
static void journal(struct filter *f)
{
	static const struct filter_if socket[] = {
		{ 0, IS_NOT, AF_UNIX, FORBID },
		{ 1, IS, SOCK_DGRAM | SOCK_CLOEXEC, ALLOW },
	};
	static const struct filter_if prctl[] = { { 0, IS, PR_GET_NAME, DO_NOTHING } };
	static const uint32_t spared[] = { __NR_getsockopt, __NR_memfd_create };

	filter_calls(f, spared, LENGTH(spared), FAIL_PERM);
	filter_call(f, __NR_socket, socket, LENGTH(socket), FORBID);
	filter_call(f, __NR_prctl, prctl, LENGTH(prctl), FORBID);
}

/*
 * The library behind a layer allocates memory, and makes keys and checks from random bytes. It asks
 * for the process id, to learn whether it was forked, and for the time. No file is mapped.
 */
static void layer(struct filter *f)
{
	static const uint32_t plain[] = { __NR_brk,   __NR_munmap, __NR_mremap,	     __NR_getrandom,
					  __NR_futex, __NR_getpid, __NR_gettimeofday };
	static const struct filter_if mmap[] = {
		{ 2, HAS_ANY_BIT, PROT_EXEC, FORBID },
		{ 3, HAS_ANY_BIT, MAP_ANONYMOUS, ALLOW },
	};
	static const struct filter_if mprotect[] = { { 2, HAS_ANY_BIT, PROT_EXEC, FORBID } };

	filter_calls(f, plain, LENGTH(plain), ALLOW);
	filter_call(f, __NR_mmap, mmap, LENGTH(mmap), FORBID);
	filter_call(f, __NR_mprotect, mprotect, LENGTH(mprotect), ALLOW);
}

/* The relay makes pipes while it runs, for flows that carry bulk. */
static void splices(struct filter *f)
{
	static const uint32_t plain[] = { __NR_pipe2, __NR_splice };
	static const struct filter_if fcntl[] = { { 1, IS, F_SETPIPE_SZ, ALLOW } };

	filter_calls(f, plain, LENGTH(plain), ALLOW);
	filter_call(f, __NR_fcntl, fcntl, LENGTH(fcntl), FORBID);
}

void calls_keep_bytes(struct calls_bytes *b, int fd, const uint32_t *at, unsigned n)
{
	b->n = 0;
	if (!n)
		return;
	b->cond[b->n++] = (struct filter_if){ 0, IS_NOT, (uint32_t)fd, FORBID };
	b->cond[b->n++] = (struct filter_if){ 2, IS_NOT, 1, FORBID };
	for (unsigned i = 0; i < n && i < SANDBOX_BYTES; i++)
		b->cond[b->n++] = (struct filter_if){ 3, IS, at[i], ALLOW };
}

int calls_relay(struct filter *f, unsigned needs, const struct calls_bytes *bytes)
{
	/* clang-format off */
	static const uint32_t always[] = {
		__NR_ppoll, __NR_recvfrom, __NR_sendmsg, __NR_clock_gettime, __NR_shutdown,
		__NR_close, __NR_rt_sigreturn, __NR_exit_group,
	};
	/* clang-format on */
	static const uint32_t pipes[] = { __NR_write, __NR_read };

	filter_begin(f, FORBID);
	filter_calls(f, always, LENGTH(always), ALLOW);
	if (needs & SANDBOX_SPLICE)
		splices(f);
	if (needs & (SANDBOX_PIPES | SANDBOX_WRITE))
		filter_calls(f, pipes, needs & SANDBOX_PIPES ? 2 : 1, ALLOW);
	if (needs & SANDBOX_JOURNAL)
		journal(f);
	if (needs & SANDBOX_LAYER)
		layer(f);
	if (bytes->n)
		filter_call(f, __NR_pwrite64, bytes->cond, bytes->n, FORBID);
	relay_ends(f, needs);
	return filter_install(f);
}

/* The filter of the conversation, which stays in force, judges the arguments of these calls. */
int calls_datagrams(struct filter *f, const struct calls_bytes *bytes)
{
	/* clang-format off */
	static const uint32_t relay[] = {
		__NR_ppoll, __NR_recvfrom, __NR_sendto, __NR_recvmsg, __NR_sendmsg, __NR_recvmmsg,
		__NR_sendmmsg, __NR_clock_gettime, __NR_shutdown, __NR_close, __NR_read,
		__NR_write, __NR_rt_sigreturn, __NR_restart_syscall, __NR_exit_group,
	};
	static const uint32_t threads[] = {
		__NR_clone, __NR_exit, __NR_futex, __NR_set_robust_list, __NR_rt_sigprocmask,
		__NR_rt_sigaction, __NR_gettid, __NR_getpid, __NR_tgkill, __NR_sched_yield,
		__NR_sched_getaffinity, NR_RSEQ, __NR_membarrier, __NR_eventfd2, __NR_mmap,
		__NR_munmap, __NR_mprotect, __NR_mremap, __NR_madvise, __NR_brk,
	};
	static const uint32_t names[] = {
		OLD_PLAIN_CALLS
		__NR_socket, __NR_connect, __NR_bind, __NR_getsockname, __NR_getpeername,
		__NR_getsockopt, __NR_setsockopt, __NR_openat, __NR_pread64, __NR_readv,
		__NR_writev, __NR_lseek, __NR_fstat, __NR_newfstatat, __NR_statx, __NR_faccessat,
		NR_FACCESSAT2, __NR_readlinkat, __NR_getdents64, __NR_fcntl, __NR_dup,
		__NR_ioctl, __NR_uname, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid,
		__NR_prlimit64, __NR_pselect6, __NR_epoll_create1, __NR_epoll_ctl,
		__NR_epoll_pwait, __NR_timerfd_create, __NR_timerfd_settime, __NR_pipe2,
		__NR_clock_nanosleep, __NR_nanosleep, __NR_gettimeofday, __NR_clock_getres,
		__NR_getrandom, __NR_sysinfo,
	};
	/* clang-format on */

	filter_begin(f, FAIL_NOSYS);
	filter_calls(f, relay, LENGTH(relay), ALLOW);
	filter_calls(f, threads, LENGTH(threads), ALLOW);
	filter_calls(f, names, LENGTH(names), ALLOW);
	if (bytes->n)
		filter_call(f, __NR_pwrite64, bytes->cond, bytes->n, FORBID);
	return filter_install(f);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The differences between the machines that have filters. Other machines are built with none.c. */
#ifndef SANDBOX_ARCH_H
#define SANDBOX_ARCH_H

#include <sys/syscall.h>

/*
 * THIS_ARCH is the machine's AUDIT_ARCH_*, as seccomp(2) tells it. NR_OPEN_HERE is open(2), or a
 * number that no call has. Three lists have the calls that newer machines lack: OLD_CALLS are
 * dangerous; OLD_CHANGING_CALLS change files and folders; OLD_PLAIN_CALLS read files, wait, and
 * tell the time.
 */
#if defined(__x86_64__) && !defined(__ILP32__)
#define THIS_ARCH    0xc000003eU
#define NR_RSEQ_HERE 334
#define NR_OPEN_HERE __NR_open
#define OLD_CALLS                                                                                  \
	__NR_fork, __NR_vfork, __NR_modify_ldt, __NR_iopl, __NR_ioperm, __NR_create_module,        \
		__NR_get_kernel_syms, __NR_query_module, __NR_uselib, __NR__sysctl, __NR_ustat,
#define OLD_CHANGING_CALLS                                                                         \
	__NR_rename, __NR_mkdir, __NR_rmdir, __NR_creat, __NR_link, __NR_unlink, __NR_symlink,     \
		__NR_chmod, __NR_chown, __NR_lchown, __NR_mknod, __NR_utime, __NR_utimes,          \
		__NR_futimesat,
#define OLD_PLAIN_CALLS                                                                            \
	__NR_open, __NR_stat, __NR_lstat, __NR_access, __NR_readlink, __NR_poll, __NR_select,      \
		__NR_epoll_wait, __NR_time, __NR_getdents, __NR_arch_prctl,
#elif defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__)
#define THIS_ARCH    0xc00000b7U
#define NR_RSEQ_HERE 293
#define NR_OPEN_HERE 244
#define OLD_CALLS
#define OLD_CHANGING_CALLS
#define OLD_PLAIN_CALLS
#else
#error configure should have chosen none.c
#endif

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * syscall_kit.h - leads syscall(2) through the test, by the linker's --wrap. A test that includes
 * it answers for the kernel, or hands the call on.
 */
#ifndef SYSCALL_KIT_H
#define SYSCALL_KIT_H

#include <stdarg.h>

long __real_syscall(long nr, ...);
long __wrap_syscall(long nr, ...);

/* Defined by the test: answers a call in place of the kernel, or hands it on to kit_syscall(). */
static long on_syscall(long nr, const long a[6]);

/* Makes the system call. Returns what syscall(2) returns. */
static inline long kit_syscall(long nr, const long a[6])
{
	return __real_syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

long __wrap_syscall(long nr, ...)
{
	long a[6];
	va_list ap;

	va_start(ap, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return on_syscall(nr, a);
}

#endif

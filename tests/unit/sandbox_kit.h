/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sandbox_kit.h - what the tests of the sandbox share: syscall(2) goes through the test, by the
 * linker's --wrap, and children try what the sandbox forbids.
 */
#ifndef SANDBOX_KIT_H
#define SANDBOX_KIT_H

#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Waits for a child. Returns its exit status, or its signal as a negative number. */
static inline int kit_wait(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

#endif

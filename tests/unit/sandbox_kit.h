/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sandbox_kit.h - what the tests of the sandbox share: children that try something, and the words
 * with which the sandbox describes itself.
 */
#ifndef SANDBOX_KIT_H
#define SANDBOX_KIT_H

#include "base/text.h"
#include "sandbox/sandbox.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Waits for a child. Returns its exit status, or its signal as a negative number. */
static inline int kit_wait(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Acts in a child. Returns as kit_wait() does. */
static inline int kit_child(int (*act)(void))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(act());
	return kit_wait(pid);
}

/* Returns what sandbox_describe() writes, until the next call. */
static inline const char *kit_described(void)
{
	static char buf[128];
	struct text t = TEXT_OF(buf);

	sandbox_describe(&t);
	return buf;
}

#endif

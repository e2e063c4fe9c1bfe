/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs one thread at a time. Maps the thread's stack before and unmaps it afterwards, so the relay
 * does not pay for it.
 */
#include "base/blocking.h"
#include "base/cold.h"
#include "base/wait.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STACK_SIZE = 1 << 20 };

struct job {
	void (*work)(void *arg);
	void *arg;
	int done; /* eventfd */
};

static void *run(void *arg)
{
	struct job *job = arg;

	job->work(job->arg);
	eventfd_write(job->done, 1);
	return NULL;
}

static int start(pthread_t *thread, struct job *job, void *stack)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	err = pthread_attr_setstack(&attr, stack, STACK_SIZE);
	if (!err)
		err = pthread_create(thread, &attr, run, job);
	pthread_attr_destroy(&attr);
	return -err;
}

static int await(int done, int watch, int64_t deadline_ms)
{
	/* With events 0, poll(2) reports POLLERR and POLLHUP only. A half-close is neither. */
	struct pollfd fds[] = { { .fd = done, .events = POLLIN }, { .fd = watch } };
	int r = wait_poll(fds, 2, deadline_ms);

	if (r < 0)
		return r;
	return fds[0].revents ? 0 : -ECONNABORTED;
}

/* Static, because the thread outlives a wait that fails. */
COLD struct job blocking_job;

int blocking_call(void (*work)(void *arg), void *arg, int watch, int64_t deadline_ms)
{
	pthread_t thread;
	void *stack;
	int err;

	stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (stack == MAP_FAILED)
		return -errno;
	blocking_job = (struct job){ work, arg, eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	err = blocking_job.done < 0 ? -errno : start(&thread, &blocking_job, stack);
	if (!err) {
		err = await(blocking_job.done, watch, deadline_ms);
		if (err)
			return err;
		pthread_join(thread, NULL);
	}
	if (blocking_job.done >= 0)
		close(blocking_job.done);
	munmap(stack, STACK_SIZE);
	return err;
}

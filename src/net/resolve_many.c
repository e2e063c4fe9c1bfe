/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the threads that call the resolver, and starts them as they are needed. A thread touches
 * only the job that it works on, and the shared state under the lock.
 */
#include "net/resolve_many.h"

#include <errno.h>
#include <sys/eventfd.h>

enum { STACK_SIZE = 1 << 20 };

int resolve_many_init(struct resolve_many *l, enum net_family family)
{
	int err = pthread_mutex_init(&l->lock, NULL);

	if (!err)
		err = pthread_cond_init(&l->queued, NULL);
	if (err)
		return -err;
	l->family = family;
	l->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return l->done < 0 ? -errno : l->done;
}

static unsigned count(const struct resolve_many *l, enum lookup_state state)
{
	unsigned n = 0;

	for (size_t i = 0; i < LOOKUPS_MAX; i++)
		n += l->job[i].state == state;
	return n;
}

/* Returns the oldest job of this state, or NULL. */
static struct lookup *first(struct resolve_many *l, enum lookup_state state)
{
	struct lookup *found = NULL;

	for (size_t i = 0; i < LOOKUPS_MAX; i++)
		if (l->job[i].state == state && (!found || l->job[i].ticket < found->ticket))
			found = &l->job[i];
	return found;
}

static void set_state(struct resolve_many *l, struct lookup *job, enum lookup_state state)
{
	pthread_mutex_lock(&l->lock);
	job->state = state;
	pthread_mutex_unlock(&l->lock);
}

/* Waits for a job. */
static struct lookup *next(struct resolve_many *l)
{
	struct lookup *job;

	pthread_mutex_lock(&l->lock);
	l->idle++;
	while (!(job = first(l, LOOKUP_QUEUED)))
		pthread_cond_wait(&l->queued, &l->lock);
	l->idle--;
	job->state = LOOKUP_RUNNING;
	pthread_mutex_unlock(&l->lock);
	return job;
}

static void *serve(void *arg)
{
	struct resolve_many *l = arg;

	for (;;) {
		struct lookup *job = next(l);

		job->found.addr = job->addr;
		job->why = NULL;
		job->err = resolve_blocking(&job->dest, l->family, &job->found, &job->why);
		set_state(l, job, LOOKUP_DONE);
		eventfd_write(l->done, 1);
	}
	return NULL;
}

static int start_thread(struct resolve_many *l)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (!err)
		err = pthread_create(&thread, &attr, serve, l);
	pthread_attr_destroy(&attr);
	return -err;
}

int resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag)
{
	struct lookup *job;
	bool need_thread = false;
	int err = 0;

	pthread_mutex_lock(&l->lock);
	job = first(l, LOOKUP_FREE);
	if (job) {
		job->dest = *dest;
		job->tag = tag;
		job->ticket = ++l->tickets;
		job->state = LOOKUP_QUEUED;
		need_thread = count(l, LOOKUP_QUEUED) > l->idle && l->threads < LOOKUPS_THREADS;
		pthread_cond_signal(&l->queued);
	}
	pthread_mutex_unlock(&l->lock);
	if (!job)
		return -EAGAIN;
	if (need_thread && (err = start_thread(l)) == 0)
		l->threads++;
	if (l->threads)
		return 0;
	/* There is no thread to run the job. */
	job->state = LOOKUP_FREE;
	return err;
}

struct lookup *resolve_many_ended(struct resolve_many *l)
{
	struct lookup *job;
	eventfd_t n;

	/* Read this first: a job that ends in between makes it readable again. */
	eventfd_read(l->done, &n);
	pthread_mutex_lock(&l->lock);
	job = first(l, LOOKUP_DONE);
	pthread_mutex_unlock(&l->lock);
	return job;
}

void resolve_many_forget(struct resolve_many *l, struct lookup *job)
{
	set_state(l, job, LOOKUP_FREE);
}

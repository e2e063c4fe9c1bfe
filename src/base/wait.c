/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls ppoll(2) under absolute deadlines. The only state is the stop flag, the end of the lifetime
 * and the time at which signals were last let in. The signal handler only raises the flag.
 */
#include "base/wait.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

enum {
	DEAF_MS = 50,  /* the longest time for which a busy session lets no signal in */
	WAITED_MS = 5, /* a call that took so long found nothing ready, so it let signals in */
};

static volatile sig_atomic_t stop;
static int64_t lifetime_end = WAIT_FOREVER;
static int64_t heard_ms;

int64_t wait_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t wait_deadline(int64_t timeout_ms)
{
	return timeout_ms ? wait_now() + timeout_ms : WAIT_FOREVER;
}

void wait_set_lifetime(int64_t end_ms)
{
	lifetime_end = end_ms;
}

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

void wait_catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	sigfillset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	heard_ms = wait_now();
}

static struct timespec timespec_of(int64_t ms)
{
	return (struct timespec){ (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };
}

/*
 * If ppoll() finds a descriptor ready, it restores the mask before a pending signal can come in. So
 * a session that always has something to do lets signals in by a call for that purpose, now and
 * then. A session that had to wait has let them in already, and makes no such call.
 */
static void hear(int64_t polled_ms, const sigset_t *none)
{
	const struct timespec at_once = { 0 };
	int64_t now = wait_now();

	if (now - polled_ms < WAITED_MS) {
		if (now - heard_ms < DEAF_MS)
			return;
		ppoll(NULL, 0, &at_once, none);
	}
	heard_ms = now;
}

int wait_poll(struct pollfd *fds, nfds_t n, int64_t deadline_ms)
{
	int64_t until = deadline_ms < lifetime_end ? deadline_ms : lifetime_end;
	sigset_t none;

	sigemptyset(&none);
	for (;;) {
		int64_t now = wait_now();
		struct timespec ts;
		int r;

		if (stop)
			return -EINTR;
		if (now >= lifetime_end)
			return -ETIME;
		ts = timespec_of(until > now ? until - now : 0);
		r = ppoll(fds, n, until == WAIT_FOREVER ? NULL : &ts, &none);
		if (r > 0) {
			hear(now, &none);
			return r;
		}
		if (r == 0)
			return until == lifetime_end ? -ETIME : -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

int wait_briefly(struct pollfd *fds, nfds_t n, int64_t until_ms)
{
	int64_t left = until_ms - wait_now();
	struct timespec ts;

	if (left <= 0)
		return 0;
	ts = timespec_of(left);
	return ppoll(fds, n, &ts, NULL);
}

bool wait_is_ready(int fd, short events)
{
	const struct timespec at_once = { 0 };
	struct pollfd p = { .fd = fd, .events = events };

	return ppoll(&p, 1, &at_once, NULL) > 0;
}

int wait_fd(int fd, short events, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int r = wait_poll(&p, 1, deadline_ms);

	return r < 0 ? r : 0;
}

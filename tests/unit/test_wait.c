/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place where the program sleeps: for a caller that always finds something ready, and for
 * one that has to wait. The clock is the test's own and moves only when the test says so.
 */
#include "base/wait.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "tap.h"

enum { TURNS_MAX = 10000 };

static int64_t now_ms = 1000000;
static int64_t takes_ms; /* how long each call waits before something is ready */
static int ready = 1;	 /* what it returns then */
static unsigned to_hear; /* calls made only to let signals in */

/* These replace the system's calls, by the linker's --wrap. */
int __real_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);

int __wrap_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	int64_t most = timeout ? timeout->tv_sec * 1000 + timeout->tv_nsec / 1000000 : INT64_MAX;

	if (!n) {
		to_hear++;
		return __real_ppoll(p, n, timeout, mask);
	}
	if (ready && takes_ms <= most) {
		now_ms += takes_ms;
		return ready;
	}
	now_ms += most;
	return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	(void)clock;
	*ts = (struct timespec){ now_ms / 1000, now_ms % 1000 * 1000000 };
	return 0;
}

/* Turns of a loop, each with a millisecond's work. Returns the error that ended it, or 0. */
static int work(int turns, int64_t deadline_ms)
{
	int r = 0;

	while (turns-- && !r) {
		r = wait_fd(0, POLLIN, deadline_ms);
		now_ms++;
	}
	return r;
}

static void calls(void)
{
	takes_ms = 10;
	is_int(work(1000, WAIT_FOREVER), 0, "a session that waits for each of its events goes on");
	is_int(to_hear, 0, "and makes no call but those");
	takes_ms = 0;
	work(40, WAIT_FOREVER);
	is_int(to_hear, 0, "one that is busy for a moment makes no other call either");
	work(1000, WAIT_FOREVER);
	ok(to_hear >= 15 && to_hear <= 20, "one that is busy for a second makes %u more calls",
	   to_hear);
}

static void deadlines(void)
{
	int64_t began = now_ms;

	is_int(work(1, now_ms - 1), 0, "what is ready is reported, even after the deadline");
	ready = 0;
	is_int(wait_fd(0, POLLIN, now_ms + 70), -ETIMEDOUT, "what is not ready is a timeout");
	is_int(now_ms - began, 71, "at the deadline");
	ready = 1;
}

static void lifetime(void)
{
	int64_t began = now_ms;

	wait_set_lifetime(now_ms + 300);
	is_int(work(TURNS_MAX, WAIT_FOREVER), -ETIME, "a lifetime ends a session that is busy");
	ok(now_ms - began <= 301, "at the end of the lifetime, after %d ms", (int)(now_ms - began));
	ready = 0;
	is_int(wait_fd(0, POLLIN, WAIT_FOREVER), -ETIME,
	       "a lifetime ends a session that is not busy");
	wait_set_lifetime(now_ms + 300);
	is_int(wait_fd(0, POLLIN, now_ms + 500), -ETIME,
	       "a lifetime ends a wait with a later deadline");
	wait_set_lifetime(WAIT_FOREVER);
	ready = 1;
}

static void signals(void)
{
	int64_t began = now_ms;

	raise(SIGTERM);
	is_int(work(TURNS_MAX, WAIT_FOREVER), -EINTR, "a signal ends a session that is busy");
	ok(now_ms - began <= 60, "a signal is noticed after %d ms", (int)(now_ms - began));
	is_int(work(1, WAIT_FOREVER), -EINTR, "every later wait ends at once");
}

int main(void)
{
	wait_catch_signals();
	calls();
	deadlines();
	lifetime();
	signals();
	return done_testing();
}

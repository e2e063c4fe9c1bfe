/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock, the log, and poll(); where the program begins and ends. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST_OF_OURS = 300, /* descriptors: the program's are smaller */
	POLLS_MAX = 20000,
	EMPTY_MAX_MS = 120 * 1000, /* the program must exit this soon after everybody has left */
};

struct world world = { .now_ms = 1000000, .far = -1 };

static bool is_on;

int __real_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask);
int __wrap_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask);
int __real_clock_gettime(clockid_t clock, struct timespec *ts);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ts);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
ssize_t __real_getrandom(void *p, size_t n, unsigned flags);
ssize_t __wrap_getrandom(void *p, size_t n, unsigned flags);

bool world_is_on(void)
{
	return is_on;
}

int world_keep(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OF_OURS);

	MUST(high >= 0 && close(fd) == 0);
	fcntl(high, F_SETFL, fcntl(high, F_GETFL) | O_NONBLOCK);
	return high;
}

void transcript_add(struct transcript *t, const void *bytes, size_t n)
{
	MUST(n <= sizeof(t->bytes) - t->n);
	memcpy(t->bytes + t->n, bytes, n);
	t->n += n;
}

void world_begin(enum world_client client, const uint8_t *script, size_t n)
{
	script_begin(client, script, n);
	is_on = true;
}

void world_close(void)
{
	script_close();
	is_on = false;
}

/* Polls without waiting. Sockets whose connect never ends are left out of the set. */
static int look(struct pollfd *p, nfds_t n, const sigset_t *mask)
{
	const struct timespec now = { 0 };
	struct pollfd q[128];
	int r;

	MUST(n <= sizeof(q) / sizeof(*q));
	script_listen();
	memcpy(q, p, n * sizeof(*p));
	for (nfds_t i = 0; i < n; i++)
		if (net_is_silent(q[i].fd))
			q[i].fd = -1;
	r = __real_ppoll(q, n, &now, mask);
	for (nfds_t i = 0; i < n; i++)
		p[i].revents = q[i].revents;
	return r;
}

static bool wait_for_names(const struct pollfd *p, nfds_t n)
{
	for (nfds_t i = 0; i < n; i++)
		if (names_wait(p[i].fd))
			return true;
	return false;
}

int __wrap_ppoll(struct pollfd *p, nfds_t n, const struct timespec *timeout, const sigset_t *mask)
{
	int64_t until = INT64_MAX;

	/* No descriptor: the call only lets signals in. */
	if (!is_on || !n)
		return __real_ppoll(p, n, timeout, mask);
	if (n == 1 && p->fd == STDERR_FILENO) {
		p->revents = POLLOUT;
		return 1;
	}
	if (timeout)
		until = world.now_ms + timeout->tv_sec * 1000 + timeout->tv_nsec / 1000000;
	for (;;) {
		int r = look(p, n, mask);

		MUST(++world.polls < POLLS_MAX);
		if (r || world.now_ms >= until)
			return r;
		if (wait_for_names(p, n))
			continue;
		if (world.left) {
			script_step();
		} else if (!world.empty_ms) {
			script_leave();
			world.empty_ms = world.now_ms;
		} else {
			MUST(until != INT64_MAX);
			world.now_ms = until;
			MUST(world.now_ms - world.empty_ms < EMPTY_MAX_MS);
		}
	}
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *ts)
{
	if (!is_on || clock != CLOCK_MONOTONIC)
		return __real_clock_gettime(clock, ts);
	*ts = (struct timespec){ world.now_ms / 1000, world.now_ms % 1000 * 1000000 };
	return 0;
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (!is_on || fd != STDERR_FILENO)
		return __real_write(fd, p, n);
	transcript_add(&world.log, p, n);
	return (ssize_t)n;
}

/* At its start the program closes inherited descriptors, which would be all of ours. */
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (!is_on)
		return __real_syscall(number, a, b, c, d, e, f);
	if (number == SYS_sendmmsg)
		return net_send((int)a, (struct mmsghdr *)b, (unsigned)c);
	MUST(number == SYS_close_range);
	return 0;
}

/* The same bytes each time: 0, 1, 2... */
ssize_t __wrap_getrandom(void *p, size_t n, unsigned flags)
{
	if (!is_on)
		return __real_getrandom(p, n, flags);
	for (size_t i = 0; i < n; i++)
		((uint8_t *)p)[i] = (uint8_t)i;
	return (ssize_t)n;
}

void __wrap__exit(int status)
{
	if (!is_on)
		__real__exit(status);
	world_ended(status);
}

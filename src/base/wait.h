/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place where the program sleeps, and its monotonic clock. A sleep ends with an event,
 * at its deadline, when the session's lifetime is over, or when somebody asks us to stop
 * (SIGTERM, SIGINT, SIGHUP, which are blocked everywhere else).
 */
#ifndef BASE_WAIT_H
#define BASE_WAIT_H

#include <poll.h>
#include <stdint.h>

/* A deadline that never comes. */
#define WAIT_FOREVER INT64_MAX

/* Monotonic time in milliseconds. */
int64_t wait_now(void);

/* now + timeout_ms; WAIT_FOREVER for a timeout of 0, which means off. */
int64_t wait_deadline(int64_t timeout_ms);

/* Ends the session's lifetime at this time: from then on wait_poll() returns -ETIME. */
void wait_set_lifetime(int64_t end_ms);

/* Asks the three signals to interrupt wait_poll(), and nothing else. */
void wait_catch_signals(void);

/*
 * poll(2) up to an absolute time. Returns the number of descriptors with events, at least 1;
 * -ETIMEDOUT at the deadline; -ETIME at the end of the lifetime; -EINTR when asked to stop; or
 * another -errno. Other signals do not end it.
 *
 * The lifetime and the signals come first, whatever is ready: a loop around this function hears of
 * them within 50 ms. The deadline comes last: a descriptor that is ready is reported even after it,
 * so a loop that others can keep busy must look at the clock itself.
 */
int wait_poll(struct pollfd *fds, nfds_t n, int64_t deadline_ms);

/*
 * The same for what is done at the end, when nothing interrupts any more: up to this time, whatever
 * signals and the lifetime say. 0 at the time, or -1 with errno, as poll(2).
 */
int wait_briefly(struct pollfd *fds, nfds_t n, int64_t until_ms);

/* Waits for events on one descriptor; 0 or the errors of wait_poll(). */
int wait_fd(int fd, short events, int64_t deadline_ms);

#endif

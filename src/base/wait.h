/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monotonic clock, and the only place where the program sleeps. A sleep ends with an event, at
 * its deadline, at the end of the session's lifetime, or when SIGTERM, SIGINT or SIGHUP asks us to
 * stop. These three signals are blocked everywhere else.
 */
#ifndef BASE_WAIT_H
#define BASE_WAIT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* A deadline that never comes. */
#define WAIT_FOREVER INT64_MAX

/* Returns the monotonic time in milliseconds. */
int64_t wait_now(void);

/* Returns now + timeout_ms, or WAIT_FOREVER for a timeout of 0, which means off. */
int64_t wait_deadline(int64_t timeout_ms);

/* Sets the end of the session's lifetime: from then on wait_poll() returns -ETIME. */
void wait_set_lifetime(int64_t end_ms);

/* Lets the three signals interrupt wait_poll(), and nothing else. */
void wait_catch_signals(void);

/*
 * Polls up to an absolute time. Returns the number of descriptors with events, at least 1;
 * -ETIMEDOUT at the deadline; -ETIME at the end of the lifetime; -EINTR when asked to stop; or
 * another negative errno. Other signals do not end it.
 *
 * The end of the lifetime and the signals come before any event: a loop around this function learns
 * of them within 50 ms. The deadline comes after all events: a descriptor that is ready is reported
 * even past it, so a loop that others can keep busy must look at the clock itself.
 */
int wait_poll(struct pollfd *fds, nfds_t n, int64_t deadline_ms);

/*
 * Polls up to this time, for the end of a session, which neither the signals nor the lifetime
 * interrupt. Returns what poll(2) returns: the number of descriptors with events, 0 at that time,
 * or -1 with errno.
 */
int wait_briefly(struct pollfd *fds, nfds_t n, int64_t until_ms);

/* Returns true if one of the events is there now. Does not wait, and lets no signal in. */
bool wait_is_ready(int fd, short events);

/* Waits for events on one descriptor. Returns 0 or an error of wait_poll(). */
int wait_fd(int fd, short events, int64_t deadline_ms);

#endif

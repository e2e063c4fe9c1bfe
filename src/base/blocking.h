/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that can't be polled (the resolver, password hashes), under a deadline: they run in a
 * thread of their own while this one waits.
 */
#ifndef BASE_BLOCKING_H
#define BASE_BLOCKING_H

#include <stdint.h>

/*
 * Runs work(arg) in a thread with a stack of 1 MiB and waits for its end. Gives up when the client,
 * at the descriptor watch, has left. Returns 0; -ECONNABORTED if he has left; the errors of
 * wait_poll(); or -errno of the thread's creation. After an error of the wait the thread still
 * runs: arg must stay, and the caller is about to end the process.
 */
int blocking_call(void (*work)(void *arg), void *arg, int watch, int64_t deadline_ms);

#endif

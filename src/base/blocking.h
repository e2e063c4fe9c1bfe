/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that can't be polled (the resolver, password hashes), under a deadline: a thread makes the
 * call while this one waits.
 */
#ifndef BASE_BLOCKING_H
#define BASE_BLOCKING_H

#include <stdint.h>

/*
 * Runs work(arg) in a thread with a stack of 1 MiB, and waits for its end. Stops waiting when the
 * client, at the descriptor watch, has left. Returns 0; -ECONNABORTED if the client has left; an
 * error of wait_poll(); or a negative errno if the thread could not be made. After an error of the
 * wait the thread still runs: arg must stay valid, and the caller must end the process.
 */
int blocking_call(void (*work)(void *arg), void *arg, int watch, int64_t deadline_ms);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in which a relay ends before both its streams have. */
#ifndef RELAY_FINISH_H
#define RELAY_FINISH_H

#include "relay/flow.h"

/* A reset may take so long to be passed on, in all. */
enum { FINISH_RESET_MS = 10000 };

/*
 * Idle, lifetime or signal: writes what is buffered, as far as it goes within a second, and ends
 * each side with a FIN as soon as it has what was buffered for it. Then drops what still comes, for
 * a bounded time.
 */
void finish_in_order(struct flow *up, struct flow *down);

/*
 * Resets the sides given (NULL: leave this one alone), each as soon as its peer has everything that
 * was sent, or has gone. At until_ms, at the end of the lifetime and when asked to stop, resets
 * what is left at once. A side that knows no reset is closed.
 */
void finish_by_reset(const struct stream *const side[2], int64_t until_ms);

#endif

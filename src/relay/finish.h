/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends a relay before both its streams have ended by themselves: in order, or by a reset. */
#ifndef RELAY_FINISH_H
#define RELAY_FINISH_H

#include "relay/flow.h"

/* How long it may take, in all, to pass a reset on. */
enum { FINISH_RESET_MS = 10000 };

/*
 * Ends both sides in order, after the idle timeout, the lifetime or a signal. Writes what is
 * buffered, for a second at most, and sends each side a FIN as soon as it has its bytes. Then reads
 * and drops, for another second at most, until both sides have ended as well.
 */
void finish_in_order(struct flow *up, struct flow *down);

/*
 * Resets each side that is not NULL as soon as its peer has acknowledged all that was sent, or has
 * gone. At until_ms, at the end of the lifetime, and when asked to stop, resets the rest at once.
 * Closes a side that has no reset: a pipe, or a Unix socket.
 */
void finish_by_reset(const struct stream *const side[2], int64_t until_ms);

#endif

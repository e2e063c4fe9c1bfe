/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in which a relay ends before both its streams have. */
#ifndef RELAY_END_H
#define RELAY_END_H

#include "flow.h"

/*
 * Idle, lifetime or signal: writes what is buffered, as far as it goes within a second, then ends
 * both sides with a FIN, and drops what still comes for a bounded time.
 */
void relay_end_in_order(struct flow *up, struct flow *down);

/*
 * The other side was reset: waits, bounded, until this side's peer has everything that was sent,
 * then resets it. A side that knows no reset is closed. Returns -ECONNRESET.
 */
int relay_end_by_reset(const struct relay_side *side);

#endif

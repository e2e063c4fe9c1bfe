/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves bytes between two streams until both directions have ended (INTERFACE section 7). Knows
 * nothing of SOCKS. Two directions: up, from the client to the upstream, and down.
 */
#ifndef RELAY_RELAY_H
#define RELAY_RELAY_H

#include "base/stream.h"

#include <stdint.h>

struct relay_limits {
	int64_t idle_ms; /* without a byte in either direction; 0: no limit */
	uint64_t rate;	 /* bytes per second to a client that the kernel can't pace; 0: no limit */
};

struct relay_result {
	uint64_t up, down; /* bytes passed on */
	int err;	   /* why it ended early */
};

/* Gets a side ready: descriptors that aren't sockets must not block. Before relay(), once each. */
void relay_prepare(const struct stream *side);

/*
 * Relays until it is over, and ends both sides in the way that fits: in order, or by a reset where
 * one side was reset, after everything that had arrived before was passed on, as far as that goes
 * within 10 seconds in all. The lifetime, the signals and the idle timeout only hasten such an end,
 * which stays a reset. Returns 0 for two clean ends of file; -ECONNRESET; -ETIMEDOUT (idle), -ETIME
 * (lifetime), -EINTR (asked to stop), or another -errno. The descriptors are spent then.
 */
int relay(const struct stream *client, const struct stream *upstream,
	  const struct relay_limits *limits, struct relay_result *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves bytes between two streams until both directions have ended. Up is from the client to the
 * upstream, down is back. Knows nothing of SOCKS.
 */
#ifndef RELAY_RELAY_H
#define RELAY_RELAY_H

#include "base/stream.h"

#include <stdint.h>

struct relay_limits {
	int64_t idle_ms; /* how long no byte may move in either direction; 0: no limit */
	/* Bytes per second, if the kernel can't pace them; 0: no limit. */
	uint64_t rate_up, rate_down;
};

struct relay_result {
	uint64_t up, down; /* bytes passed on */
	int err;	   /* the -errno that broke off a direction, or 0 */
};

/* Makes the descriptors of a side non-blocking unless it is a socket. Call it before relay(). */
void relay_prepare(const struct stream *side);

/*
 * Relays until both directions are over, and ends both sides: in order, or, if one side was reset,
 * by a reset of the other (picosocks5(8), COMMANDS); by a reset of both, if what one side sent does
 * not verify in its layer: ret->err is -EBADMSG then. A reset is passed on after all bytes that had
 * arrived before it, within 10 seconds in all; the lifetime, a signal or the idle timeout cuts that
 * short, but the end stays a reset.
 *
 * Returns 0 after two ends of file; -ECONNRESET; -ETIMEDOUT (idle), -ETIME (lifetime), -EINTR
 * (asked to stop), or another negative errno. The descriptors must not be used afterwards.
 */
int relay(const struct stream *client, const struct stream *upstream,
	  const struct relay_limits *limits, struct relay_result *ret);

#endif

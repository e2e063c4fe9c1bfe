/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The poll set of a relay. It is computed from the states of both directions before each poll, and
 * what poll(2) reported is read from it afterwards. Nothing is moved here.
 */
#ifndef RELAY_SLOTS_H
#define RELAY_SLOTS_H

#include "relay/flow.h"

#include <poll.h>

/*
 * The source of flow i has slot i. If the sink of flow i and the source of the other flow are the
 * same descriptor, they share slot !i; otherwise the sink has slot !i + 2.
 */
enum { SLOTS_MAX = 4 };

/* Zero before its first use, except flow. */
struct slots {
	const struct flow *flow; /* flow[0] and flow[1], in opposite directions */
	struct pollfd slot[SLOTS_MAX];
	int64_t now_ms; /* when the poll set was made */
	bool held[2];	/* an error of the source waits until flow i has written its bytes */
};

/* Makes the poll set of what both flows wait for at this time. */
void slots_fill(struct slots *s, int64_t now_ms);

/* Returns true if a flow is ready whatever poll(2) reports. */
bool slots_needs_no_wait(const struct slots *s);

/*
 * Returns true if flow i is ready: poll(2) reported what it waits for, or it need not wait, because
 * its source was reset or its layer has input. Notes in held[i] an error that the flow can't read
 * yet.
 */
bool slots_is_ready(struct slots *s, int i);

/* Returns true if poll(2) reported that the source of flow i was reset. */
bool slots_source_was_reset(const struct slots *s, int i);

/*
 * Returns true if poll(2) reported that the sink of flow i was reset, and no read will return the
 * error because nothing is read from that side any more.
 */
bool slots_sink_was_reset(const struct slots *s, int i);

#endif

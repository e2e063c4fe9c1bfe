/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns states into slots and events into answers. Makes no system call and reads no clock. */
#include "relay/slots.h"

static int sink(const struct slots *s, int i)
{
	const struct stream *to = s->flow[i].to;

	return to->in == to->out ? !i : !i + 2;
}

static int events(const struct slots *s, int slot)
{
	return s->slot[slot].fd >= 0 ? s->slot[slot].revents : 0;
}

/* Returns true if flow i may read now: if --rate is kept by us, it may have to pause. */
static bool reads_now(const struct slots *s, int i)
{
	return flow_wants_read(&s->flow[i]) && s->flow[i].ready_ms <= s->now_ms;
}

/*
 * Returns true if flow i reads without waiting for its source: what is left of one that is cut off,
 * or what is in a layer.
 */
static bool reads_at_once(const struct slots *s, int i)
{
	return reads_now(s, i) && (s->flow[i].cut || stream_has_input(s->flow[i].from));
}

/*
 * A source is watched while its flow is open, and a TCP sink while its flow is not over, even if
 * only for their errors. A side whose error was seen while its bytes still wait to be written is
 * left out until they are written, because poll(2) would report the error at once and for ever.
 */
void slots_fill(struct slots *s, int64_t now_ms)
{
	s->now_ms = now_ms;
	for (int i = 0; i < SLOTS_MAX; i++)
		s->slot[i] = (struct pollfd){ .fd = -1 };
	for (int i = 0; i < 2; i++) {
		const struct flow *f = &s->flow[i];
		struct pollfd *source_slot = &s->slot[i], *sink_slot = &s->slot[sink(s, i)];
		bool reads = reads_now(s, i);

		if (reads)
			s->held[i] = false;
		if (f->state == FLOW_OPEN && !s->held[i]) {
			source_slot->fd = f->from->in;
			source_slot->events |= reads ? POLLIN : 0;
		}
		if (flow_wants_write(f)) {
			sink_slot->fd = f->to->out;
			sink_slot->events |= POLLOUT;
		} else if (f->to->is_tcp && !flow_is_over(f) && !s->held[!i]) {
			sink_slot->fd = f->to->out;
		}
	}
}

bool slots_needs_no_wait(const struct slots *s)
{
	return reads_at_once(s, 0) || reads_at_once(s, 1);
}

bool slots_is_ready(struct slots *s, int i)
{
	const int error = POLLERR | POLLHUP | POLLNVAL;
	const struct flow *f = &s->flow[i];
	int from = events(s, i);

	if (reads_at_once(s, i))
		return true;
	if (reads_now(s, i))
		return from & (POLLIN | error);
	if (f->state == FLOW_OPEN && (from & error))
		s->held[i] = true;
	return flow_wants_write(f) && (events(s, sink(s, i)) & (POLLOUT | error));
}

bool slots_source_was_reset(const struct slots *s, int i)
{
	/* POLLHUP without POLLERR may be two ends in order. */
	return events(s, i) & POLLERR;
}

bool slots_sink_was_reset(const struct slots *s, int i)
{
	const struct flow *f = &s->flow[i];

	/* A sink other than TCP reports an end in order in the same way. */
	return f->to->is_tcp && s->flow[!i].state != FLOW_OPEN && !flow_is_over(f) &&
	       (events(s, sink(s, i)) & (POLLERR | POLLHUP));
}

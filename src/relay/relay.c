/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The poll loop of the relay, its deadlines and its end. One direction may end before the other. A
 * reset of one side becomes a reset of the other, after all bytes that came before it. Knows
 * descriptors and states, no protocol.
 */
#include "relay/relay.h"
#include "base/cold.h"
#include "base/wait.h"
#include "relay/finish.h"
#include "relay/flow.h"
#include "relay/slots.h"
#include "relay/stack.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

enum {
	REST_MS = 1000, /* buffers are given back after so long without a byte */
	PAGE = 4096,
};

struct loop {
	const struct stream *side[2]; /* client, upstream */
	struct flow flow[2];	      /* flow[i] goes from side[i] to side[!i] */
	struct slots slots;
	int64_t idle_ms, moved_ms;
	int64_t reset_by_ms; /* when a reset that was noted must have been passed on */
	bool rested;
};

static int64_t next_deadline(const struct loop *l)
{
	int64_t next = l->idle_ms ? l->moved_ms + l->idle_ms : WAIT_FOREVER;

	if (l->reset_by_ms < next)
		next = l->reset_by_ms;
	if (!l->rested && l->moved_ms + REST_MS < next)
		next = l->moved_ms + REST_MS;
	for (int i = 0; i < 2; i++)
		if (flow_wants_read(&l->flow[i]) && l->flow[i].ready_ms > l->slots.now_ms &&
		    l->flow[i].ready_ms < next)
			next = l->flow[i].ready_ms;
	return next;
}

static void note_reset(struct loop *l)
{
	if (l->reset_by_ms == WAIT_FOREVER)
		l->reset_by_ms = wait_now() + FINISH_RESET_MS;
}

/*
 * Tells each direction what the other one has learnt of a side: a side that refused bytes was
 * reset, so its end of file is not an end in order; a side that was reset takes no more bytes.
 */
static void compare_notes(struct loop *l)
{
	for (int i = 0; i < 2; i++) {
		struct flow *f = &l->flow[i], *back = &l->flow[!i];

		if (f->state == FLOW_REFUSED && !back->cut) {
			back->cut = true;
			/* If it fails for any other reason, reset: don't keep half a stream. */
			if (f->to->is_tcp && shutdown(f->to->in, SHUT_RD) < 0 &&
			    errno != ENOTCONN && back->state == FLOW_OPEN)
				back->state = FLOW_RESET;
		}
		if (f->state == FLOW_RESET && !flow_is_over(back))
			flow_refuse(back, f->err);
		if (f->state == FLOW_REFUSED || f->state == FLOW_RESET)
			note_reset(l);
	}
}

static void move(struct loop *l)
{
	bool moved = false;

	for (int i = 0; i < 2; i++) {
		if (slots_source_was_reset(&l->slots, i))
			note_reset(l);
		if (slots_is_ready(&l->slots, i))
			moved |= flow_move(&l->flow[i]);
		else if (slots_sink_was_reset(&l->slots, i))
			flow_refuse(&l->flow[i], -ECONNRESET);
		compare_notes(l);
	}
	if (moved) {
		l->moved_ms = wait_now();
		l->rested = false;
	}
}

static void rest(struct loop *l)
{
	stack_give_back();
	flow_rest(&l->flow[0]);
	flow_rest(&l->flow[1]);
	l->rested = true;
}

/* If a session must end while a reset is being passed on, its end is that reset. */
static int cut_short(const struct loop *l, int err)
{
	return l->reset_by_ms == WAIT_FOREVER ? err : -ECONNRESET;
}

static int run(struct loop *l)
{
	while (!flow_is_over(&l->flow[0]) || !flow_is_over(&l->flow[1])) {
		int64_t now = wait_now();
		bool at_once;
		int r;

		if (now >= l->reset_by_ms)
			return -ECONNRESET;
		slots_fill(&l->slots, now);
		at_once = slots_needs_no_wait(&l->slots);
		r = wait_poll(l->slots.slot, SLOTS_MAX, at_once ? now : next_deadline(l));
		if (r > 0 || (at_once && r == -ETIMEDOUT)) {
			move(l);
			continue;
		}
		if (r != -ETIMEDOUT)
			return cut_short(l, r);
		now = wait_now();
		if (l->idle_ms && now - l->moved_ms >= l->idle_ms)
			return cut_short(l, -ETIMEDOUT);
		if (!l->rested && now - l->moved_ms >= REST_MS)
			rest(l);
	}
	return 0;
}

static void set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void relay_prepare(const struct stream *s)
{
	if (s->is_socket)
		return;
	set_nonblocking(s->in);
	set_nonblocking(s->out);
}

/* Did a side refuse bytes, or break its layer, whose connection may be alive then? */
static bool has_lost(const struct flow *f)
{
	return f->state == FLOW_REFUSED || (f->state == FLOW_RESET && f->from->layer);
}

/*
 * Resets the other side of one that was reset. Resets both if bytes were lost, or because we
 * failed. Returns 0 if nothing broke, else err or -ECONNRESET.
 */
static int reset_what_broke(struct loop *l, int err)
{
	bool lost = err < 0 || has_lost(&l->flow[0]) || has_lost(&l->flow[1]);
	const struct stream *broken[2] = { NULL, NULL };

	for (int i = 0; i < 2; i++)
		if (lost || l->flow[!i].state == FLOW_RESET)
			broken[i] = l->side[i];
	if (!broken[0] && !broken[1])
		return 0;
	note_reset(l);
	finish_by_reset(broken, l->reset_by_ms);
	return err ? err : -ECONNRESET;
}

/*
 * Room for two buffers of whole pages, so that a flow can give them back. They are aligned here
 * because the linker would begin a new page for all our zeroed data.
 */
COLD uint8_t relay_room[2 * FLOW_BUFFER + PAGE];

static uint8_t *buffers(void)
{
	size_t beyond = (uintptr_t)relay_room % PAGE;

	return relay_room + (beyond ? PAGE - beyond : 0);
}

int relay(const struct stream *client, const struct stream *upstream,
	  const struct relay_limits *limits, struct relay_result *ret)
{
	uint8_t *buf = buffers();
	struct loop l = {
		.side = { client, upstream },
		.flow = { { .from = client, .to = upstream, .buf = buf, .rate = limits->rate_up },
			  { .from = upstream,
			    .to = client,
			    .buf = buf + FLOW_BUFFER,
			    .rate = limits->rate_down } },
		.slots.flow = l.flow,
		.idle_ms = limits->idle_ms,
		.moved_ms = wait_now(),
		.reset_by_ms = WAIT_FOREVER,
	};
	int err;

	l.flow[0].step = l.flow[1].step = FLOW_STEP_MIN;
	err = run(&l);
	if (err == -ETIMEDOUT || err == -ETIME || err == -EINTR)
		finish_in_order(&l.flow[0], &l.flow[1]);
	else
		err = reset_what_broke(&l, err);
	ret->up = l.flow[0].total;
	ret->down = l.flow[1].total;
	ret->err = l.flow[0].err ? l.flow[0].err : l.flow[1].err;
	return err;
}

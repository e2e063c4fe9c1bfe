/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a step into the buffer, and writes the buffer. A step starts small and doubles each time a
 * read fills it, because on a fast path wake-ups cost more than copies. A flow that fills the
 * largest step gets a pipe, if one can be had. Never waits.
 */
#include "relay/flow.h"
#include "base/wait.h"
#include "relay/transfer.h"

#include <errno.h>
#include <sys/mman.h>

/* Steps that a flow moves in a turn, before the other direction has its own. */
enum { TURN = 4 };

/* Has the flow bytes that to has not got yet? */
static bool keeps(const struct flow *f)
{
	return f->len || stream_has_output(f->to);
}

bool flow_is_over(const struct flow *f)
{
	return f->state == FLOW_DONE || f->state == FLOW_REFUSED ||
	       (f->state == FLOW_RESET && !keeps(f));
}

bool flow_wants_read(const struct flow *f)
{
	return f->state == FLOW_OPEN && !keeps(f);
}

bool flow_wants_write(const struct flow *f)
{
	return f->state == FLOW_ENDING ||
	       ((f->state == FLOW_OPEN || f->state == FLOW_RESET) && keeps(f));
}

void flow_refuse(struct flow *f, int err)
{
	f->state = FLOW_REFUSED;
	f->err = err;
	f->len = 0;
}

static bool would_block(ssize_t n)
{
	return n == -EAGAIN || n == -EINTR;
}

/* If --rate is kept here, a step is what may pass in a tenth of a second. */
static size_t step_of(const struct flow *f)
{
	uint64_t share = f->rate / 10 + 1;

	return f->rate && share < f->step ? (size_t)share : f->step;
}

static void pace(struct flow *f, size_t n)
{
	int64_t now = wait_now();

	if (f->ready_ms < now)
		f->ready_ms = now;
	f->ready_ms += (int64_t)(n * 1000 / f->rate);
}

static void release(struct flow *f)
{
	madvise(f->buf, FLOW_BUFFER, MADV_DONTNEED);
}

/* Asks for a pipe once; if there is none, asks again only after a rest. */
static void become_bulk(struct flow *f)
{
	f->bulk = true;
	if (f->from->is_tcp && f->to->is_tcp && !f->from->layer && !f->to->layer &&
	    pipe_open(&f->pipe, f->from->in, f->to->out))
		release(f);
}

/*
 * Passes the end of file on, or begins to. If that fails, refuses the flow: the reader would wait
 * for more bytes, and we would wait for its end.
 */
static void pass_end(struct flow *f)
{
	int err = stream_end(f->to);

	f->state = err == -EAGAIN ? FLOW_ENDING : FLOW_DONE;
	if (err < 0 && err != -EAGAIN)
		flow_refuse(f, err);
}

/*
 * Was the last byte read of a source that was reset? TCP returns 0 then, every other descriptor
 * EAGAIN. A layer may have got a part of a message.
 */
static bool is_rest_read(const struct flow *f, ssize_t n)
{
	return n == 0 || n == -EBADMSG || (n == -EAGAIN && !stream_has_input(f->from));
}

/*
 * Reads once, with nothing buffered, so an end of file is passed on at once. Returns true if bytes,
 * an end or an error came.
 */
static bool fill(struct flow *f)
{
	size_t most;
	ssize_t n;

	f->starved = true;
	if (f->rate && wait_now() < f->ready_ms)
		return false;
	if (f->step == FLOW_BUFFER && !f->bulk)
		become_bulk(f);
	n = transfer_in(f, step_of(f), &most);
	if (f->cut && is_rest_read(f, n)) {
		f->state = FLOW_RESET;
		return true;
	}
	if (would_block(n))
		return false;
	if (n < 0) {
		f->err = (int)n;
		f->state = FLOW_RESET;
		return true;
	}
	if (n == 0) {
		pass_end(f);
		return true;
	}
	f->head = 0;
	f->len = (size_t)n;
	f->starved = f->len < most && !stream_has_input(f->from);
	if (f->len == most && f->step < FLOW_BUFFER)
		f->step *= 2;
	if (f->rate)
		pace(f, f->len);
	return true;
}

/*
 * Writes once; to a layer, which takes a message at a time, all that it takes. Returns true if all
 * that was tried was done, or if the sink refused it.
 */
static bool drain(struct flow *f)
{
	if (f->state == FLOW_ENDING) {
		pass_end(f);
		return f->state != FLOW_ENDING;
	}
	do {
		ssize_t n = transfer_out(f);

		if (would_block(n))
			return false;
		if (n < 0) {
			flow_refuse(f, (int)n);
			return true;
		}
		f->head += (size_t)n;
		f->len -= (size_t)n;
		f->total += (uint64_t)n;
	} while (f->len && f->to->layer);
	return true;
}

bool flow_flush(struct flow *f)
{
	while (flow_wants_write(f))
		if (!drain(f))
			return false;
	return true;
}

bool flow_move(struct flow *f)
{
	/* The descriptor of a layer was ready, so at least a part of a message has moved. */
	bool moved = f->from->layer || f->to->layer;

	for (int i = 0; i < TURN; i++) {
		if (flow_wants_read(f)) {
			/* If the last read got less than it asked for, poll before the next. */
			if ((i && f->starved) || !fill(f))
				break;
			moved = true;
		}
		if (flow_wants_write(f)) {
			if (!drain(f))
				break;
			moved = true;
		}
		if (flow_wants_write(f))
			break;
	}
	return moved;
}

void flow_rest(struct flow *f)
{
	if (f->from->layer && f->from->layer->rest)
		f->from->layer->rest(f->from->layer);
	if (f->len)
		return;
	if (f->pipe.in)
		pipe_close(&f->pipe);
	release(f);
	f->step = FLOW_STEP_MIN;
	f->bulk = false;
}

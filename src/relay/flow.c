/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a step into the buffer, and writes the buffer. A step starts small and doubles each time a
 * read fills it, because on a fast path wake-ups cost more than copies. A flow that fills the
 * largest step gets a pipe, if one can be had. Never waits.
 */
#include "relay/flow.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* Steps that a flow moves in a turn, before the other direction has its own. */
enum { TURN = 4 };

bool flow_is_over(const struct flow *f)
{
	return f->state == FLOW_DONE || f->state == FLOW_REFUSED ||
	       (f->state == FLOW_RESET && !f->len);
}

bool flow_wants_read(const struct flow *f)
{
	return f->state == FLOW_OPEN && !f->len;
}

bool flow_wants_write(const struct flow *f)
{
	return f->len && f->state != FLOW_REFUSED;
}

void flow_refuse(struct flow *f, int err)
{
	f->state = FLOW_REFUSED;
	f->err = err;
	f->len = 0;
}

static bool would_block(int err)
{
	return err == EAGAIN || err == EWOULDBLOCK || err == EINTR;
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
	if (f->from->is_tcp && f->to->is_tcp && pipe_open(&f->pipe, f->from->in, f->to->out))
		release(f);
}

/*
 * Returns true if only recv(2) can tell what is next: splice(2) also returns 0 or EAGAIN before
 * urgent data, and a sandbox around ours may forbid it.
 */
static bool is_doubtful(int err)
{
	return would_block(err) || err == EPERM || err == EACCES || err == ENOSYS || err == EINVAL;
}

/* Reads into the pipe if there is one, else into the buffer. *most is what it asked for. */
static ssize_t receive(struct flow *f, size_t *most)
{
	ssize_t n;

	f->piped = f->pipe.in;
	if (f->piped) {
		*most = PIPE_SIZE;
		n = pipe_fill(&f->pipe, f->from->in);
		if (n > 0 || (n < 0 && !is_doubtful(errno)))
			return n;
	}
	f->piped = false;
	*most = step_of(f);
	if (f->from->is_socket)
		return recv(f->from->in, f->buf, *most, MSG_DONTWAIT);
	return read(f->from->in, f->buf, *most);
}

/*
 * Passes the end of file on. If that fails, refuses the flow: the reader would wait for more bytes,
 * and we would wait for its end.
 */
static void pass_end(struct flow *f)
{
	int err = stream_end(f->to);

	f->state = FLOW_DONE;
	if (err < 0)
		flow_refuse(f, err);
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
	n = receive(f, &most);
	/* The rest has been read: TCP returns 0 then, every other descriptor EAGAIN. */
	if (f->cut && (n == 0 || (n < 0 && errno == EAGAIN))) {
		f->state = FLOW_RESET;
		return true;
	}
	if (n < 0 && would_block(errno))
		return false;
	if (n < 0) {
		f->err = -errno;
		f->state = FLOW_RESET;
		return true;
	}
	if (n == 0) {
		pass_end(f);
		return true;
	}
	f->head = 0;
	f->len = (size_t)n;
	f->starved = f->len < most;
	if (!f->starved && f->step < FLOW_BUFFER)
		f->step *= 2;
	if (f->rate)
		pace(f, f->len);
	return true;
}

/* Uses sendmsg(2): libsystemd needs it as well, and the sandbox allows as few calls as it can. */
static ssize_t give(int fd, uint8_t *p, size_t n)
{
	struct iovec iov = { p, n };
	const struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Writes once. Returns true if bytes went out, or if the sink refused them. */
static bool drain(struct flow *f)
{
	ssize_t n;

	if (f->piped)
		n = pipe_drain(&f->pipe, f->to->out, f->len);
	else if (f->to->is_socket)
		n = give(f->to->out, f->buf + f->head, f->len);
	else
		n = write(f->to->out, f->buf + f->head, f->len);
	if (n < 0 && would_block(errno))
		return false;
	if (n < 0) {
		flow_refuse(f, -errno);
		return true;
	}
	f->head += (size_t)n;
	f->len -= (size_t)n;
	f->total += (uint64_t)n;
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
	bool moved = false;

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
		if (f->len)
			break;
	}
	return moved;
}

void flow_rest(struct flow *f)
{
	if (f->len)
		return;
	if (f->pipe.in)
		pipe_close(&f->pipe);
	release(f);
	f->step = FLOW_STEP_MIN;
	f->bulk = false;
}

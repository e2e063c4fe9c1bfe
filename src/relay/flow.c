/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads into a buffer and writes out of it. The steps are small until a flow fills them: on a quick
 * path the number of wake-ups costs more than the copy. One that fills the largest of them gets a
 * pipe, if it can. Never waits.
 */
#include "relay/flow.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* Steps in a turn; then the other direction has its chance. */
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

/* With --rate in software, a step is a tenth of a second's worth. */
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

/* Tried once: another pipe is asked for after a rest. */
static void become_bulk(struct flow *f)
{
	f->bulk = true;
	if (f->from->is_tcp && f->to->is_tcp && pipe_open(&f->pipe, f->from->in, f->to->out))
		release(f);
}

/*
 * A pipe gets nothing, or an end, where urgent data comes next; and a sandbox around ours may not
 * allow it. recv(2) tells the truth.
 */
static bool is_doubtful(int err)
{
	return would_block(err) || err == EPERM || err == EACCES || err == ENOSYS || err == EINVAL;
}

/* Into the pipe, if there is one. *most: what it could have been. */
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

/* If the reader were not told of the end, it would wait for more, and we for its end. */
static void pass_end(struct flow *f)
{
	int err = stream_end(f->to);

	f->state = FLOW_DONE;
	if (err < 0)
		flow_refuse(f, err);
}

/* True if bytes or an end came in. An end is passed on at once: nothing is buffered before it. */
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
	/* Of what is cut off only TCP says that nothing more comes. */
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

/* Not send(2): libsystemd needs sendmsg(2), and the sandbox counts its calls. */
static ssize_t give(int fd, uint8_t *p, size_t n)
{
	struct iovec iov = { p, n };
	const struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* True if bytes went out or it turned out that none will. */
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
			/* One that gave less than asked for is asked again after poll. */
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

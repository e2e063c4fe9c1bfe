/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits for what a layer needs to go on. Never touches the descriptors except to wait for them. */
#include "base/layered.h"
#include "base/wait.h"

#include <errno.h>

/* Sends what a read has left to send, as far as the descriptor takes it. Returns 0 or -errno. */
static int push(struct layer *l)
{
	int err = l->has_output(l) ? l->flush(l) : 0;

	return err == -EAGAIN ? 0 : err;
}

/* Returns 0 if the layer can go on, or an error of wait_poll(). */
static int await(const struct stream *s, int64_t deadline_ms)
{
	bool at_once = stream_has_input(s);
	struct pollfd p[] = {
		{ .fd = s->in, .events = POLLIN },
		{ .fd = stream_has_output(s) ? s->out : -1, .events = POLLOUT },
	};
	int r = wait_poll(p, 2, at_once ? 0 : deadline_ms);

	return r > 0 || (at_once && r == -ETIMEDOUT) ? 0 : r;
}

ssize_t layered_read(const struct stream *s, void *buf, size_t n, int64_t deadline_ms)
{
	struct layer *l = s->layer;

	for (;;) {
		/* Bytes that are no payload yet must not prolong the wait for payload. */
		bool late = wait_now() >= deadline_ms;
		ssize_t got = l->read(l, buf, n);
		int err;

		if (got != -EAGAIN)
			return got;
		err = push(l);
		if (!err)
			err = late ? -ETIMEDOUT : await(s, deadline_ms);
		if (err < 0)
			return err;
	}
}

int layered_write(const struct stream *s, const void *buf, size_t n, int64_t deadline_ms,
		  int (*wait)(int fd, short events, int64_t deadline_ms))
{
	struct layer *l = s->layer;
	const char *p = buf;

	for (;;) {
		ssize_t put = n ? l->write(l, p, n) : l->flush(l);

		if (put == -EAGAIN)
			put = wait(s->out, POLLOUT, deadline_ms);
		else if (!n && put == 0)
			return 0;
		if (put < 0)
			return (int)put;
		p += put;
		n -= (size_t)put;
	}
}

int layered_end(const struct stream *s)
{
	struct layer *l = s->layer;
	int err = l->end ? l->end(l) : 0;

	return err ? err : l->flush(l);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls recv(2), sendmsg(2), read(2), write(2), splice(2) or a layer. Never waits. */
#include "relay/transfer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static ssize_t or_errno(ssize_t n)
{
	return n < 0 ? -errno : n;
}

/*
 * Returns true if only recv(2) can tell what is next: splice(2) also returns 0 or EAGAIN before
 * urgent data, and a sandbox around ours may forbid it.
 */
static bool is_doubtful(ssize_t n)
{
	return !n || n == -EAGAIN || n == -EINTR || n == -EPERM || n == -EACCES || n == -ENOSYS ||
	       n == -EINVAL;
}

ssize_t transfer_in(struct flow *f, size_t step, size_t *most)
{
	const struct stream *from = f->from;

	f->piped = f->pipe.in;
	if (f->piped) {
		ssize_t n = or_errno(pipe_fill(&f->pipe, from->in));

		*most = PIPE_SIZE;
		if (!is_doubtful(n))
			return n;
	}
	f->piped = false;
	*most = step;
	if (from->layer)
		return from->layer->read(from->layer, f->buf, step);
	if (from->is_socket)
		return or_errno(recv(from->in, f->buf, step, MSG_DONTWAIT));
	return or_errno(read(from->in, f->buf, step));
}

/* Uses sendmsg(2): libsystemd needs it as well, and the sandbox allows as few calls as it can. */
static ssize_t give(int fd, uint8_t *p, size_t n)
{
	struct iovec iov = { p, n };
	const struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

ssize_t transfer_out(struct flow *f)
{
	const struct stream *to = f->to;
	uint8_t *p = f->buf + f->head;

	if (f->piped)
		return or_errno(pipe_drain(&f->pipe, to->out, f->len));
	if (to->layer)
		return f->len ? to->layer->write(to->layer, p, f->len) :
				to->layer->flush(to->layer);
	if (to->is_socket)
		return or_errno(give(to->out, p, f->len));
	return or_errno(write(to->out, p, f->len));
}

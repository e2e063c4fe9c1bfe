/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads, writes and ends the client's stream. Never blocks except in wait_poll(). */
#include "base/stream.h"
#include "base/layered.h"
#include "base/wait.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LAST_MS = 2000,
	DRAIN_MS = 2000,
	DRAIN_BYTES = 1 << 20,
};

ssize_t stream_read(const struct stream *s, void *buf, size_t n, int64_t deadline_ms)
{
	if (s->layer)
		return layered_read(s, buf, n, deadline_ms);
	for (;;) {
		ssize_t got = -1;
		int err;

		/* A read() of a pipe may block, so wait first. */
		errno = EAGAIN;
		if (s->is_socket)
			got = recv(s->in, buf, n, MSG_DONTWAIT);
		if (got >= 0)
			return got;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		err = wait_fd(s->in, POLLIN, deadline_ms);
		if (err < 0)
			return err;
		if (!s->is_socket) {
			got = read(s->in, buf, n);
			if (got >= 0 || (errno != EAGAIN && errno != EINTR))
				return got < 0 ? -errno : got;
		}
	}
}

ssize_t stream_peek(const struct stream *s, void *buf, size_t n, int64_t deadline_ms)
{
	if (s->layer || !s->is_socket)
		return -EOPNOTSUPP;
	for (;;) {
		ssize_t got = recv(s->in, buf, n, MSG_DONTWAIT | MSG_PEEK);
		int err;

		if (got >= 0)
			return got;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		err = wait_fd(s->in, POLLIN, deadline_ms);
		if (err < 0)
			return err;
	}
}

/* Writes once without blocking: a pipe that is writable takes PIPE_BUF bytes. */
static ssize_t write_some(const struct stream *s, const char *p, size_t n)
{
	if (s->is_socket)
		return send(s->out, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	return write(s->out, p, n < PIPE_BUF ? n : PIPE_BUF);
}

static ssize_t without_wait(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

/* Asks poll(2) first, because a read(2) or write(2) of a pipe may block. */
static bool is_ready(const struct stream *s, int fd, short events)
{
	return s->is_socket || wait_is_ready(fd, events);
}

ssize_t stream_take(const struct stream *s, void *buf, size_t n)
{
	if (!is_ready(s, s->in, POLLIN))
		return -EAGAIN;
	if (s->is_socket)
		return without_wait(recv(s->in, buf, n, MSG_DONTWAIT));
	return without_wait(read(s->in, buf, n));
}

/* Uses sendmsg(2), because the sandbox of the relay allows no other call that sends. */
ssize_t stream_give(const struct stream *s, void *p, size_t n)
{
	struct iovec iov = { p, n };
	const struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (!is_ready(s, s->out, POLLOUT))
		return -EAGAIN;
	if (s->is_socket)
		return without_wait(sendmsg(s->out, &m, MSG_DONTWAIT | MSG_NOSIGNAL));
	return without_wait(write(s->out, p, n < PIPE_BUF ? n : PIPE_BUF));
}

static int wait_fd_briefly(int fd, short events, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = events };
	int r = wait_briefly(&p, 1, until_ms);

	return r > 0 ? 0 : r < 0 ? -errno : -ETIMEDOUT;
}

static int write_all(const struct stream *s, const void *buf, size_t n, int64_t deadline_ms,
		     int (*wait)(int fd, short events, int64_t deadline_ms))
{
	const char *p = buf;
	bool ready = s->is_socket;

	if (s->layer)
		return layered_write(s, buf, n, deadline_ms, wait);
	while (n) {
		ssize_t put = ready ? write_some(s, p, n) : -1;

		if (put >= 0) {
			p += put;
			n -= (size_t)put;
			ready = s->is_socket;
		} else if (ready && errno != EAGAIN && errno != EINTR) {
			return -errno;
		} else {
			int err = wait(s->out, POLLOUT, deadline_ms);

			if (err < 0)
				return err;
			ready = true;
		}
	}
	return 0;
}

int stream_write(const struct stream *s, const void *buf, size_t n, int64_t deadline_ms)
{
	return write_all(s, buf, n, deadline_ms, wait_fd);
}

int stream_write_last(const struct stream *s, const void *buf, size_t n)
{
	return write_all(s, buf, n, wait_now() + LAST_MS, wait_fd_briefly);
}

int stream_shut(const struct stream *s)
{
	if (!s->is_socket) {
		close(s->out);
		return 0;
	}
	if (shutdown(s->out, SHUT_WR) == 0)
		return 0;
	/* The peer has reset the connection, for example because close_notify came too late. */
	return errno == ENOTCONN ? -ECONNRESET : -errno;
}

int stream_end(const struct stream *s)
{
	int kept = s->layer ? layered_end(s) : 0, err;

	if (kept == -EAGAIN)
		return kept;
	err = stream_shut(s);
	return kept < 0 ? kept : err;
}

void stream_close(const struct stream *s)
{
	int64_t deadline = wait_now() + DRAIN_MS;
	char buf[4096];
	size_t sum = 0;

	while (stream_end(s) == -EAGAIN) {
		if (wait_fd_briefly(s->out, POLLOUT, deadline) == 0)
			continue;
		stream_shut(s);
		break;
	}
	while (s->is_socket && sum < DRAIN_BYTES) {
		struct pollfd p = { .fd = s->in, .events = POLLIN };
		ssize_t n = recv(s->in, buf, sizeof(buf), MSG_DONTWAIT);

		if (n > 0)
			sum += (size_t)n;
		else if (n == 0 || (errno != EAGAIN && errno != EINTR) ||
			 wait_briefly(&p, 1, deadline) <= 0)
			return;
	}
}

const char *stream_why(const struct stream *s, int err)
{
	const struct layer *l = s->layer;
	const char *words = l && l->why ? l->why(l) : NULL;

	if (words)
		return words;
	return err == -EBADMSG ? "a protected message is damaged or not whole" : strerror(-err);
}

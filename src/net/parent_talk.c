/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends to a parent and reads from it, by the deadline and while the client is there. */
#include "net/parent_talk.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/socket.h>

/*
 * Waits until the parent's socket is ready. Looks at the clock first, because a parent that always
 * has something to say is always ready.
 */
static int await(const struct parent_talk *t, short events)
{
	/* With events 0, only POLLERR and POLLHUP are reported. */
	struct pollfd fds[2] = { { .fd = t->watch }, { .fd = t->fd, .events = events } };
	int err;

	if (wait_now() >= t->deadline_ms)
		return -ETIMEDOUT;
	err = wait_poll(fds, 2, t->deadline_ms);
	if (err < 0)
		return err;
	return fds[0].revents ? -ECONNABORTED : 0;
}

int parent_tell(const struct parent_talk *t, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t put = send(t->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		int err = put < 0 ? -errno : 0;

		/*
		 * A parent that has closed may have said why before. The reader gets that, and the
		 * end behind it, without a wait.
		 */
		if (err == -EPIPE || err == -ECONNRESET) {
			shutdown(t->fd, SHUT_RD);
			return 0;
		}
		if (err == -EAGAIN || err == -EINTR)
			err = await(t, POLLOUT);
		if (err < 0)
			return err;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

ssize_t parent_hear(const struct parent_talk *t, uint8_t *p, size_t n, int flags)
{
	for (;;) {
		int err = await(t, POLLIN);
		ssize_t got;

		if (err < 0)
			return err;
		got = recv(t->fd, p, n, flags | MSG_DONTWAIT);
		if (got > 0)
			return got;
		if (got == 0)
			return -ECONNRESET;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
}

int parent_malformed(const struct parent_talk *t, const char *why)
{
	t->ret->why = why;
	return -EPROTO;
}

int parent_refused(const struct parent_talk *t, uint8_t rep, const char *why)
{
	t->ret->rep = rep;
	t->ret->why = why;
	return -EREMOTEIO;
}

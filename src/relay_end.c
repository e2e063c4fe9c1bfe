/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flushes, waits and closes, each for a bounded time. */
#include "relay_end.h"
#include "wait.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	FLUSH_MS = 1000,
	DRAIN_MS = 1000,
	STALL_MS = 10000, /* no progress of unsent data for so long: the peer will not have it */
	LOOK_MAX_MS = 50,
};

static void flush(struct flow *a, struct flow *b)
{
	int64_t until = wait_now() + FLUSH_MS;
	bool done = false;

	while (!done) {
		bool a_done = flow_flush(a), b_done = flow_flush(b);
		struct pollfd p[2] = {
			{ .fd = a_done ? -1 : a->to->out, .events = POLLOUT },
			{ .fd = b_done ? -1 : b->to->out, .events = POLLOUT },
		};

		done = (a_done && b_done) || wait_briefly(p, 2, until) <= 0;
	}
}

static void send_end(const struct relay_side *s)
{
	if (s->is_socket)
		shutdown(s->out, SHUT_WR);
	else
		close(s->out);
}

/* Reads and drops until the peer ends as well: a close with unread input would be a reset. */
static void drop_input(const struct relay_side *s, int64_t until)
{
	char buf[4096];
	int budget = 256;

	while (s->is_socket && budget--) {
		ssize_t n = recv(s->in, buf, sizeof(buf), MSG_DONTWAIT);
		struct pollfd p = { .fd = s->in, .events = POLLIN };

		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
		if (n < 0 && wait_briefly(&p, 1, until) <= 0)
			return;
	}
}

void relay_end_in_order(struct flow *up, struct flow *down)
{
	int64_t until;

	flush(up, down);
	send_end(up->to);
	send_end(down->to);
	until = wait_now() + DRAIN_MS;
	drop_input(up->to, until);
	drop_input(down->to, until);
}

static void await_delivery(int fd)
{
	int64_t until = wait_now() + STALL_MS;
	int left, before = -1, pause_ms = 1;

	while (ioctl(fd, SIOCOUTQ, &left) == 0 && left > 0) {
		/* Events 0: wakes up early only if this peer is gone too. */
		struct pollfd p = { .fd = fd };
		int64_t now = wait_now();

		if (left != before)
			until = now + STALL_MS;
		if (now >= until || wait_briefly(&p, 1, now + pause_ms) > 0)
			return;
		before = left;
		pause_ms = pause_ms < LOOK_MAX_MS ? pause_ms * 2 : LOOK_MAX_MS;
	}
}

int relay_end_by_reset(const struct relay_side *side)
{
	const struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };

	if (side->is_tcp) {
		await_delivery(side->out);
		setsockopt(side->out, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
	}
	close(side->out);
	if (side->in != side->out)
		close(side->in);
	return -ECONNRESET;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flushes, waits and closes, each for a bounded time. Reports no error: no caller can use one. */
#include "relay/finish.h"
#include "base/wait.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	FLUSH_MS = 1000,
	DRAIN_MS = 1000,
	DRAIN_READS = 4096, /* of 4 KiB each: more than the buffers of both ends hold */
	LOOK_MAX_MS = 50,
};

/* Ends each side on its own: a slow reader on one side must not delay the end of the other. */
static void flush_and_end(struct flow *const flow[2])
{
	int64_t until = wait_now() + FLUSH_MS;
	bool left[2] = { true, true };
	struct pollfd p[2];

	do {
		for (int i = 0; i < 2; i++) {
			if (left[i] && flow_flush(flow[i]))
				left[i] = stream_end(flow[i]->to) == -EAGAIN;
			p[i].fd = left[i] ? flow[i]->to->out : -1;
			p[i].events = POLLOUT;
		}
	} while ((left[0] || left[1]) && wait_briefly(p, 2, until) > 0);
	for (int i = 0; i < 2; i++)
		if (left[i])
			stream_shut(flow[i]->to);
}

/* Reads and drops until the peer ends as well, because close(2) with unread input is a reset. */
static void drop_input(const struct stream *s, int64_t until)
{
	char buf[4096];
	int budget = DRAIN_READS;

	while (s->is_socket && budget--) {
		ssize_t n = recv(s->in, buf, sizeof(buf), MSG_DONTWAIT);
		struct pollfd p = { .fd = s->in, .events = POLLIN };

		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
		if (n < 0 && wait_briefly(&p, 1, until) <= 0)
			return;
	}
}

void finish_in_order(struct flow *up, struct flow *down)
{
	int64_t until;

	flush_and_end((struct flow *const[2]){ up, down });
	until = wait_now() + DRAIN_MS;
	drop_input(up->to, until);
	drop_input(down->to, until);
}

static bool has_unsent(const struct stream *s)
{
	int left;

	return s->is_tcp && ioctl(s->out, SIOCOUTQ, &left) == 0 && left > 0;
}

static void reset(const struct stream *s)
{
	const struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };

	if (s->is_tcp)
		setsockopt(s->out, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
	close(s->out);
	if (s->in != s->out)
		close(s->in);
}

void finish_by_reset(const struct stream *const side[2], int64_t until_ms)
{
	bool left[2] = { side[0], side[1] };
	/* With events 0, poll(2) reports only that the peer has gone. */
	struct pollfd p[2] = { { .fd = -1 }, { .fd = -1 } };
	int64_t now = wait_now(), pause_ms = 1;
	bool in_time = now < until_ms;

	for (;;) {
		int r;

		for (int i = 0; i < 2; i++) {
			if (left[i] && (!in_time || p[i].revents || !has_unsent(side[i]))) {
				reset(side[i]);
				left[i] = false;
			}
			p[i] = (struct pollfd){ .fd = left[i] ? side[i]->out : -1 };
		}
		if (!left[0] && !left[1])
			return;
		r = wait_poll(p, 2, now + pause_ms < until_ms ? now + pause_ms : until_ms);
		pause_ms = pause_ms < LOOK_MAX_MS ? pause_ms * 2 : LOOK_MAX_MS;
		now = wait_now();
		in_time = now < until_ms && (r > 0 || r == -ETIMEDOUT);
	}
}

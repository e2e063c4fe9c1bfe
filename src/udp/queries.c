/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads, answers and writes queries, a few at a time, and never waits: neither for the client, nor
 * for a name. Its memory does not grow.
 */
#include "udp/queries.h"
#include "udp/flow.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>

static bool has_output(const struct udp_flow *f)
{
	return f->queries.n_out || stream_has_output(&f->a->control);
}

/* Would a read give bytes without an event? */
static bool has_input(const struct udp_flow *f)
{
	return f->queries.n_in < sizeof(f->queries.in) && stream_has_input(&f->a->control);
}

/* Is there room for one more answer, of the longest kind? */
static bool has_room(const struct udp_queries *q)
{
	return sizeof(q->out) - q->n_out >= SOCKS5_REPLY_MAX;
}

void udp_queries_poll(const struct udp_flow *f, struct pollfd *in, struct pollfd *out)
{
	/* While the buffer is full nothing is read, but the client may leave. */
	in->events = f->queries.n_in < sizeof(f->queries.in) ? POLLIN : POLLRDHUP;
	if (!has_output(f))
		return;
	if (f->a->control.is_socket)
		in->events |= POLLOUT;
	else
		out->events |= POLLOUT;
}

int udp_queries_read(struct udp_flow *f, const struct pollfd *in, const struct pollfd *out)
{
	struct udp_queries *q = &f->queries;
	uint8_t *to = q->in + q->n_in;
	size_t room = sizeof(q->in) - q->n_in;
	ssize_t n;

	if ((in->revents | out->revents) & POLLOUT)
		q->blocked = false;
	if (!f->a->control.is_socket && (out->revents & ~POLLOUT))
		return 1;
	if (!(in->revents & ~POLLOUT) && !has_input(f))
		return 0;
	/* Without room, only a client that has left comes here: drop what it had sent. */
	if (!room) {
		to = f->buffer.bytes[0];
		room = sizeof(f->buffer.bytes[0]);
	}
	n = stream_pull(&f->a->control, to, room);
	/* After the error of a dead peer the next read is the end of the file. */
	if (n == -EAGAIN || n == -ETIMEDOUT)
		return 0;
	if (n <= 0)
		return n ? (int)n : 1;
	if (to != f->buffer.bytes[0])
		q->n_in += (size_t)n;
	q->more = true;
	return 0;
}

static void drop(struct udp_queries *q, size_t n)
{
	q->n_in -= n;
	memmove(q->in, q->in + n, q->n_in);
}

static void reply(struct udp_flow *f, int err, const union endpoint *seen)
{
	struct udp_queries *q = &f->queries;
	enum socks5_rep rep = err ? f->a->reply(f->a->ctx, err) : SOCKS5_REP_SUCCEEDED;

	q->n_out += socks5_reply_encode(q->out + q->n_out, rep, 0, err ? NULL : seen);
	f->moved_ms = f->now_ms;
}

/*
 * Finds how the destination sees us. Returns 0; -EAGAIN if its name is being looked up; or another
 * -errno.
 */
static int find(struct udp_flow *f, const struct socks5_request *to, union endpoint *seen)
{
	struct udp_target host;
	int err = udp_flow_find(f, to, NULL, 0, &host), fd;

	if (err < 0)
		return err;
	fd = f->a->way[host.way].fd[host.addr.sa.sa_family == AF_INET6];
	err = f->a->seen(f->a->ctx, host.way, fd, &host.addr, seen);
	if (err < 0)
		f->total.trouble = strerror(-err);
	/* connect(2) returns it if no port is left. */
	return err == -EAGAIN ? -EADDRNOTAVAIL : err;
}

/* Is the name still looked up, and in time? */
static bool must_wait(struct udp_flow *f)
{
	struct udp_queries *q = &f->queries;
	int64_t patience = f->a->patience_ms;

	if (!q->until_ms)
		q->until_ms = patience ? f->now_ms + patience : WAIT_FOREVER;
	return f->now_ms < q->until_ms;
}

/* Answers the first query, or skips bytes that are none. Returns false if there is none yet. */
static bool step(struct udp_flow *f)
{
	struct udp_queries *q = &f->queries;
	struct socks5_query query;
	union endpoint seen;
	size_t skipped = 0;
	int err;

	while ((err = socks5_query_decode(q->in + skipped, q->n_in - skipped, &query)) < 0)
		skipped++;
	drop(q, skipped);
	if (err > 0)
		return false;
	err = find(f, &query.to, &seen);
	if (err == -EAGAIN && must_wait(f))
		return false;
	q->until_ms = 0;
	drop(q, query.len);
	reply(f, err == -EAGAIN ? -ENOENT : err, &seen);
	return true;
}

static int send_answers(struct udp_flow *f)
{
	const struct stream *control = &f->a->control;
	struct udp_queries *q = &f->queries;
	ssize_t n = 0;

	while (q->n_out && n >= 0) {
		n = stream_push(control, q->out, q->n_out);
		if (n > 0) {
			q->n_out -= (size_t)n;
			memmove(q->out, q->out + n, q->n_out);
		}
	}
	if (n >= 0 && control->layer)
		n = control->layer->flush(control->layer);
	q->blocked = n == -EAGAIN;
	return n < 0 && !q->blocked ? (int)n : 0;
}

int udp_queries_answer(struct udp_flow *f)
{
	struct udp_queries *q = &f->queries;
	bool goes_on = true;

	for (unsigned i = 0; i < UDP_QUERIES_AT_ONCE && goes_on && has_room(q); i++)
		goes_on = step(f);
	q->more = goes_on;
	return has_output(f) && !q->blocked ? send_answers(f) : 0;
}

int64_t udp_queries_deadline(const struct udp_flow *f)
{
	const struct udp_queries *q = &f->queries;

	if ((q->more && has_room(q)) || has_input(f))
		return f->now_ms;
	return q->until_ms ? q->until_ms : WAIT_FOREVER;
}

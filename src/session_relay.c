/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last part of CONNECT and BIND: relays to the end. */
#include "end/end.h"
#include "end/reply.h"
#include "net/socket.h"
#include "reach/reach.h"
#include "relay/relay.h"

#include <errno.h>
#include <string.h>

/* Returns the words for error= if the value of end= does not say it all, or NULL. */
static const char *why(const struct stream *client, int err, const struct relay_result *r)
{
	if (r->err && r->err != -ECONNRESET && r->err != -EPIPE)
		return stream_why(client, r->err);
	return reply_end_from_errno(err, END_IDLE) == END_FAILED ? strerror(-err) : NULL;
}

/* The client's socket was tuned before it was known which rule allows; so was BIND's listener. */
static void pace(const struct session *s, int fd)
{
	if (s->net->out.rate == s->opt->net.out.rate)
		return;
	if (s->client.stream.is_tcp)
		net_pace(s->client.stream.in, s->net->out.rate);
	net_pace(fd, s->net->out.rate);
}

_Noreturn void session_relay(struct session *s, int fd)
{
	const struct stream *client = &s->client.stream;
	/* A parent may be at a unix socket. */
	const bool is_tcp = !s->net->out.parent.path.at;
	const struct stream upstream = { .in = fd, .out = fd, .is_socket = true, .is_tcp = is_tcp };
	const struct relay_limits limits = {
		.idle_ms = s->opt->idle_timeout_ms,
		.rate_up = is_tcp ? 0 : s->net->out.rate,
		.rate_down = client->is_tcp ? 0 : s->net->out.rate,
	};
	struct relay_result result;
	int err;

	/* Thousands of sessions may be idle in the relay, so none keeps long rules and lists. */
	pace(s, fd);
	rules_free(s->rules);
	relay_prepare(client);
	relay_prepare(&upstream);
	s->upstream = &upstream;
	reach_phase(s, PHASE_RELAY);
	err = relay(client, &upstream, &limits, &result);
	s->rec.relayed = true;
	s->rec.sent += result.up; /* the head of an HTTP request was counted */
	s->rec.received = result.down;
	/* The reset that a damaged message causes says less than its cause. */
	end_served(s, reply_end_from_errno(result.err == -EBADMSG ? result.err : err, END_IDLE),
		   why(client, err, &result));
}

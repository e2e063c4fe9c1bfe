/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way into the sandbox: from phase to phase the process can do less. */
#include "reach/reach.h"
#include "end/end.h"
#include "net/limits.h"
#include "reach/route.h"
#include "sandbox/sandbox.h"

/*
 * The relay can open nothing, not even a log, so libsystemd is loaded before it starts. The client
 * does not wait for that: it has its reply already, and its first bytes are on their way. Loading
 * takes 1 ms of CPU time, an eighth of a session under systemd. Loading it at the end would need a
 * sandbox in which files can be read.
 */
static int confine_relay(struct session *s)
{
	const struct stream *client = &s->client.stream;
	unsigned needs = 0;

	if (client->layer)
		needs |= SANDBOX_LAYER;
	else if (client->is_tcp)
		needs |= SANDBOX_SPLICE;
	if (!client->is_socket)
		needs |= SANDBOX_PIPES;
	log_prepare(s->log);
	if (s->log->sink == LOG_SINK_JOURNAL)
		needs |= SANDBOX_JOURNAL;
	else if (s->log->sink == LOG_SINK_STDERR && !s->log->fd2_is_socket)
		needs |= SANDBOX_WRITE;
	return sandbox_relay(needs);
}

/* At the end the session clears its marks. The locks need no system call. */
static void keep_marks(const struct session *s)
{
	if (s->limits)
		sandbox_keep_bytes(s->limits->fd, s->limits->mark, s->limits->n_marks);
}

bool reach_may_have_parent(const struct session *s)
{
	return rules_have_parent(s->rules) || reach_has_parent(&s->opt->net);
}

/* The ports of all routes: those that no rule says come first. */
struct ports {
	const struct session *s;
	uint16_t first[2];
	uint32_t at; /* the next rule */
};

/* A parent at a unix socket has no port. */
static uint16_t next_port(void *ctx)
{
	struct ports *p = ctx;
	struct route route;

	for (int i = 0; i < 2; i++) {
		uint16_t port = p->first[i];

		p->first[i] = 0;
		if (port)
			return port;
	}
	while (reach_next_route(p->s, &p->at, &route))
		if (route.parent.port)
			return route.parent.port;
	return 0;
}

/* The route depends on the addresses of the name, so it may be the route of any rule. */
static int confine_lookup(const struct session *s)
{
	struct ports ports = { s, { s->dest.port, s->opt->net.out.parent.port }, 0 };

	return sandbox_lookup(next_port, &ports);
}

/* What the route of s->net needs: a port of the destination or of the parent, or none. */
static int confine_connecting(const struct session *s)
{
	const struct parent *p = &s->net->out.parent;
	struct dest at;

	if (!reach_has_parent(s->net))
		return sandbox_connect(s->dest.port, s->dest.name[0] && s->phase != PHASE_LOOKUP);
	if (p->path.at)
		return sandbox_connect(0, false);
	addr_from_name((const uint8_t *)p->host.at, p->host.len, p->port, &at);
	return sandbox_connect(p->port, at.name[0]);
}

static int confine(struct session *s, enum session_phase phase)
{
	switch (phase) {
	case PHASE_CONVERSATION:
		return sandbox_converse(end_forbidden, s);
	case PHASE_LOOKUP:
		return confine_lookup(s);
	case PHASE_CONNECTING:
		return confine_connecting(s);
	case PHASE_RELAY:
		keep_marks(s);
		return confine_relay(s);
	case PHASE_DATAGRAMS:
		keep_marks(s);
		log_prepare(s->log);
		return sandbox_datagrams();
	}
	return 0;
}

void reach_phase(struct session *s, enum session_phase phase)
{
	bool is_new = phase == PHASE_CONVERSATION || phase > s->phase;
	int err = s->opt->no_sandbox || !is_new ? 0 : confine(s, phase);

	if (is_new)
		s->phase = phase;
	if (err < 0)
		end_sandbox(s, err);
}

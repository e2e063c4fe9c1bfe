/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way into the sandbox: from phase to phase the process can do less. */
#include "reach/reach.h"
#include "base/cold.h"
#include "end/end.h"
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

bool reach_may_have_parent(const struct session *s)
{
	return rules_have_parent(s->rules) || reach_has_parent(&s->opt->net);
}

/* Ports, each once. Only sessions that look up a name before they know the route touch them. */
COLD uint16_t reach_phase_port[UINT16_MAX + 1];
COLD bool reach_phase_has[UINT16_MAX + 1];

/* Adds the port of a route's parent, if it has one, to n ports. Returns their number. */
static unsigned add(const struct route *route, unsigned n)
{
	const struct parent *p = &route->parent;

	/* A parent at a unix socket has no port. */
	if (!p->port || reach_phase_has[p->port])
		return n;
	reach_phase_has[p->port] = true;
	reach_phase_port[n] = p->port;
	return n + 1;
}

/* The route depends on the addresses of the name, so it may be the route of any rule. */
static int confine_lookup(struct session *s)
{
	const struct route own = { .parent.port = s->dest.port };
	struct rules_where where;
	struct rules_error unused;
	struct route route;
	uint32_t at = 0;
	unsigned n = add(&s->opt->net.out, add(&own, 0));

	while (rules_walk(s->rules, &at, &where))
		if (where.route && route_parse(where.route, where.route_len, where.file, where.line,
					       &route, &unused) == 0)
			n = add(&route, n);
	return sandbox_connect(reach_phase_port, n, true);
}

/* What the route of s->net needs: a port of the destination or of the parent, or none. */
static int confine_connecting(const struct session *s)
{
	const struct parent *p = &s->net->out.parent;
	struct dest at;

	if (!reach_has_parent(s->net))
		return sandbox_connect(&s->dest.port, 1,
				       s->dest.name[0] && s->phase != PHASE_LOOKUP);
	if (p->path.at)
		return sandbox_connect(NULL, 0, false);
	addr_from_name((const uint8_t *)p->host.at, p->host.len, p->port, &at);
	return sandbox_connect(&p->port, 1, at.name[0]);
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
		return confine_relay(s);
	case PHASE_DATAGRAMS:
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way into the sandbox: from phase to phase the process can do less. */
#include "end/end.h"
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

static int confine(struct session *s, enum session_phase phase)
{
	switch (phase) {
	case PHASE_CONVERSATION:
		return sandbox_converse(end_forbidden, s);
	case PHASE_CONNECTING:
		/* The address comes from the client or from the resolver; the port is known. */
		return sandbox_connect(s->dest.port, s->dest.name[0]);
	case PHASE_RELAY:
		return confine_relay(s);
	case PHASE_DATAGRAMS:
		log_prepare(s->log);
		return sandbox_datagrams();
	}
	return 0;
}

void session_confine(struct session *s, enum session_phase phase)
{
	int err = s->opt->no_sandbox ? 0 : confine(s, phase);

	if (err < 0)
		end_sandbox(s, err);
}

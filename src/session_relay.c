/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last act of CONNECT and BIND: relays, says why it ended. */
#include "end.h"
#include "relay/finish.h"
#include "sandbox/sandbox.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>

enum record_end session_end_of_relay(int err)
{
	switch (-err) {
	case 0:
		return END_EOF;
	case ECONNRESET:
		return END_RESET;
	case ETIMEDOUT:
		return END_IDLE;
	case ETIME:
		return END_LIFETIME;
	case EINTR:
		return END_SIGNAL;
	default:
		return END_FAILED;
	}
}

/*
 * From here on nothing is opened, not even a log. So libsystemd is loaded now, when the client has
 * its reply and its first bytes are on their way, and not when it has gone: that takes 1 ms of CPU
 * time, an eighth of a session under systemd; but a sandbox that lets a library be loaded lets
 * files be read.
 */
static int confine(struct session *s)
{
	const struct client *c = &s->client;
	unsigned needs = c->is_tcp ? SANDBOX_SPLICE : c->is_socket ? 0 : SANDBOX_PIPES;

	if (s->opt->no_sandbox)
		return 0;
	log_prepare(s->log);
	if (s->log->sink == LOG_SINK_JOURNAL)
		needs |= SANDBOX_JOURNAL;
	else if (s->log->sink == LOG_SINK_STDERR && !s->log->fd2_is_socket)
		needs |= SANDBOX_WRITE;
	return sandbox_relay(needs);
}

/* Both sides count on each other by now: an end of file would be taken for the whole answer. */
static _Noreturn void break_off(struct session *s, const struct relay_side *client,
				const struct relay_side *upstream, int err)
{
	char error[80];
	struct text t = TEXT_OF(error);

	text_strs(&t, "sandbox: ", strerror(-err), NULL);
	relay_end_by_reset((const struct relay_side *const[2]){ client, upstream },
			   wait_now() + RELAY_RESET_MS);
	end_served(s, END_FAILED, error);
}

/* What the end itself does not say. */
static const char *why(int err, const struct relay_result *r)
{
	if (r->err && r->err != -ECONNRESET && r->err != -EPIPE)
		return strerror(-r->err);
	return session_end_of_relay(err) == END_FAILED ? strerror(-err) : NULL;
}

_Noreturn void session_relay(struct session *s, int fd)
{
	const struct client *c = &s->client;
	const struct relay_side upstream = { fd, fd, true, true, 0 };
	const struct relay_side client = { c->in, c->out, c->is_socket, c->is_tcp,
					   c->is_tcp ? 0 : s->opt->net.rate };
	struct relay_result result;
	int err;

	/* Thousands may rest here; long rules and lists are not what to keep for each. */
	rules_free(s->rules);
	relay_prepare(&client);
	relay_prepare(&upstream);
	err = confine(s);
	if (err < 0)
		break_off(s, &client, &upstream, err);
	err = relay(&client, &upstream, s->opt->idle_timeout_ms, &result);
	s->rec.relayed = true;
	s->rec.sent = result.up;
	s->rec.received = result.down;
	end_served(s, session_end_of_relay(err), why(err, &result));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conversation, straight down: method, authentication, request, command. Reads exactly the
 * messages; what the client sends early stays in the kernel for the relay.
 */
#include "session.h"
#include "auth/auth.h"
#include "balancer.h"
#include "end.h"
#include "net.h"
#include "reply.h"
#include "rules_host.h"
#include "text.h"
#include "wait.h"

#include <errno.h>
#include <string.h>

/* The greeting; a client that speaks something else is hung up on. */
static void read_methods(struct session *s, struct socks5_methods *ret)
{
	uint8_t buf[SOCKS5_METHODS_MAX];
	size_t n = 0;
	int need;

	while ((need = socks5_methods_decode(buf, n, ret)) > 0) {
		ssize_t got = stream_read(&s->stream, buf + n, (size_t)need, s->deadline_ms);

		if (got <= 0)
			end_stream(s, (int)got);
		n += (size_t)got;
	}
	if (need < 0)
		end_hangup(s, END_PROTOCOL, "not SOCKS version 5");
	s->version = SOCKS5_VERSION;
}

static void read_request(struct session *s)
{
	uint8_t buf[SOCKS5_REQUEST_MAX];
	size_t n = 0;
	int need;

	while ((need = socks5_request_decode(buf, n, &s->request)) > 0) {
		ssize_t got = stream_read(&s->stream, buf + n, (size_t)need, s->deadline_ms);

		if (got <= 0)
			end_stream(s, (int)got);
		n += (size_t)got;
	}
	if (need == -EAFNOSUPPORT)
		end_refused(s, SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED, END_PROTOCOL,
			    "unknown address type");
	if (need < 0)
		end_hangup(s, END_PROTOCOL, "expected a request of version 5");
}

static void choose_method(struct session *s)
{
	struct socks5_methods offered;
	uint8_t method, buf[2];
	int err;

	read_methods(s, &offered);
	method = auth_choose(s, &offered);
	err = stream_write(&s->stream, buf, socks5_method_encode(buf, method), s->deadline_ms);
	if (err < 0)
		end_stream(s, err);
	if (method == SOCKS5_METHOD_UNACCEPTABLE)
		end_hangup(s, END_AUTH, "no acceptable method");
	auth_run(s, method);
}

/* The destination, literal or name, as the rules and the log see it. */
static void judge_dest(struct session *s)
{
	const struct socks5_request *r = &s->request;
	int err;

	if (r->atyp == SOCKS5_ATYP_NAME) {
		err = addr_from_name(r->name, r->namelen, r->port, &s->dest);
		if (err == -EINVAL)
			end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL,
				    "an empty name or one with a NUL byte");
		if (err < 0)
			end_refused(s, SOCKS5_REP_HOST_UNREACHABLE, END_FAILED,
				    "not a name that is looked up");
	} else {
		s->dest.addr = r->addr;
		s->dest.port = r->port;
	}
	s->rec.dest = &s->dest;
}

static void remember_rule(struct session *s, const struct rules_decision *d)
{
	struct text t = { .buf = s->rule, .cap = sizeof(s->rule) };

	s->rec.rule = NULL;
	if (!d->rule.text || !d->rule.file)
		return;
	s->rule[0] = '\0';
	text_strs(&t, d->rule.file, ":", NULL);
	text_uint(&t, d->rule.line);
	s->rec.rule = s->rule;
}

enum rules_verdict session_decide(struct session *s, enum rules_command command,
				  const union endpoint *addr, uint16_t port)
{
	const struct rules_query query = {
		.kind = s->client.kind,
		.client = &s->client.addr,
		.user = s->user[0] ? s->user : NULL,
		.command = command,
		.name = s->dest.name,
		.addr = addr,
		.port = port,
		.is_self = rules_host_is_self,
	};
	struct rules_decision d;

	if (rules_decide(&s->opt->rules, &query, &d) == RULES_DENY)
		remember_rule(s, &d);
	else
		s->rec.rule = NULL;
	return d.verdict;
}

void session_candidates(struct session *s, enum rules_command command, int64_t deadline_ms,
			struct candidates *ret)
{
	const char *why = NULL;
	size_t kept = 0;
	int err;

	/* What no address could change is refused before anybody is asked for the name. */
	if (session_decide(s, command, NULL, s->dest.port) == RULES_DENY)
		end_refused(s, SOCKS5_REP_NOT_ALLOWED, END_DENIED, NULL);
	err = resolve_dest(&s->dest, s->opt->family, deadline_ms, ret, &why);
	if (err == -ETIMEDOUT)
		end_refused(s, SOCKS5_REP_HOST_UNREACHABLE, END_TIMEOUT, "the name lookup took too long");
	if (err < 0)
		end_failed(s, err, why);
	for (size_t i = 0; i < ret->n; i++)
		if (session_decide(s, command, &ret->addr[i], s->dest.port) == RULES_ALLOW)
			ret->addr[kept++] = ret->addr[i];
	if (!kept)
		end_refused(s, SOCKS5_REP_NOT_ALLOWED, END_DENIED, NULL);
	ret->n = kept;
	s->rec.rule = NULL;
}

static const struct {
	uint8_t cmd;
	const char *name;
	void (*run)(struct session *s);
} command[] = {
	{ SOCKS5_CMD_CONNECT, "connect", cmd_connect },
};

_Noreturn void session_run(struct session *s)
{
	if (s->client.is_tcp)
		net_tune(s->client.in, s->opt);
	balancer_header(s);
	choose_method(s);
	read_request(s);
	for (size_t i = 0; i < sizeof(command) / sizeof(command[0]); i++) {
		if (command[i].cmd != s->request.cmd)
			continue;
		s->rec.command = command[i].name;
		judge_dest(s);
		command[i].run(s);
	}
	end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL, "unknown command");
}

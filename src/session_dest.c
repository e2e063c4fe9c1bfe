/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the rules about the destination: about the very address that is used afterwards. Connects
 * nothing.
 */
#include "end.h"
#include "net/self.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

enum { PATH_END = 240 };

static void remember_rule(struct session *s, const struct rules_decision *d)
{
	struct text t = { .buf = s->rule, .cap = sizeof(s->rule) };
	size_t len = d->rule.file ? strlen(d->rule.file) : 0;

	s->rec.rule = NULL;
	/* With RULES_BY_SPECIAL, d->rule is an allow rule, so it is not the one that denied. */
	if (d->reason != RULES_BY_RULE || !d->rule.file)
		return;
	s->rule[0] = '\0';
	/* Keep the end of a long path, which says more, and the line. */
	text_strs(&t, d->rule.file + (len > PATH_END ? len - PATH_END : 0), ":", NULL);
	text_uint(&t, d->rule.line);
	s->rec.rule = s->rule;
}

enum rules_verdict session_decide(struct session *s, enum rules_command command, const char *name,
				  const union endpoint *addr, uint16_t port)
{
	const struct rules_query query = {
		.kind = s->client.kind,
		.client = &s->client.addr,
		.user = s->user[0] ? s->user : NULL,
		.command = command,
		.name = name,
		.addr = addr,
		.port = port,
		.is_self = self_is,
		.ctx = &s->opt->net,
	};
	struct rules_decision d;

	if (rules_decide(s->rules, &query, &d) == RULES_DENY)
		remember_rule(s, &d);
	else
		s->rec.rule = NULL;
	if (d.err)
		s->undecided = d.err;
	return d.verdict;
}

const char *session_undecided(struct session *s)
{
	struct text t = { .buf = s->rule, .cap = sizeof(s->rule) };

	s->rec.rule = NULL;
	s->rule[0] = '\0';
	text_strs(&t, "netlink could not say whether it is an address of this host: ",
		  strerror(-s->undecided), NULL);
	return s->rule;
}

static _Noreturn void denied(struct session *s)
{
	if (s->undecided == -EINTR || s->undecided == -ETIME)
		end_failed(s, s->undecided, NULL);
	/* An error on this host says nothing about the destination. */
	if (s->undecided)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, session_undecided(s));
	end_refused(s, SOCKS5_REP_NOT_ALLOWED, END_DENIED, NULL);
}

/* A SOCKS 4 client may connect to IPv6 by name, but its replies can't carry an IPv6 address. */
static int resolve(struct session *s, enum rules_command command, int64_t deadline_ms,
		   struct candidates *ret, const char **why)
{
	enum net_family family = s->opt->net.family;

	if (s->version == SOCKS4_VERSION && command != RULES_CONNECT) {
		if (family == FAMILY_IPV6)
			return -EAFNOSUPPORT;
		family = FAMILY_IPV4;
	}
	return resolve_dest(&s->dest, family, s->client.stream.out, deadline_ms, ret, why);
}

bool session_expects_anybody(const struct session *s)
{
	return !s->dest.name[0] && addr_is_unspecified(&s->dest.addr);
}

void session_candidates(struct session *s, enum rules_command command, int64_t deadline_ms,
			struct candidates *ret)
{
	const char *name = s->dest.name, *why = NULL;
	uint16_t port = s->dest.port;
	size_t kept = 0;
	int err;

	/* If the rules deny the name whatever its address is, don't look it up. */
	if (*name && session_decide(s, command, name, NULL, port) == RULES_DENY)
		denied(s);
	err = resolve(s, command, deadline_ms, ret, &why);
	if (err == -ETIMEDOUT)
		end_refused(s, SOCKS5_REP_HOST_UNREACHABLE, END_TIMEOUT,
			    "the name lookup took too long");
	if (err < 0)
		end_failed(s, err, why);
	/* BIND may leave the peer open; the rules are asked again about the peer that comes. */
	for (size_t i = 0; i < ret->n; i++) {
		bool open = command == RULES_BIND && session_expects_anybody(s);
		const union endpoint *addr = open ? NULL : &ret->addr[i];

		if (session_decide(s, command, name, addr, port) != RULES_DENY)
			ret->addr[kept++] = ret->addr[i];
	}
	if (!kept)
		denied(s);
	ret->n = kept;
	s->rec.rule = NULL;
}

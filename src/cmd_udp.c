/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP ASSOCIATE (RFC 1928 sections 4 and 7): opens a socket for the client and one for each address
 * family of destinations, and asks the rules about every datagram. The address in the request is no
 * destination.
 */
#include "end.h"
#include "net/inbound.h"
#include "net/socket.h"
#include "udp/association.h"
#include "remote.h"
#include "base/text.h"
#include "reply.h"
#include "why.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static void log_datagram(const struct session *s, const char *name, const union endpoint *to,
			 const char *verdict)
{
	char addr[ADDR_TEXT_MAX] = "any address";

	if (!log_wants(s->log, LOG_DEBUG))
		return;
	if (to)
		addr_format(to, addr);
	log_strs(s->log, LOG_DEBUG, "udp: ", verdict, " ", addr, name ? " for " : NULL, name, NULL);
}

static bool allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	struct session *s = ctx;
	const char *name = named ? named->name : NULL;
	uint16_t port = to ? addr_port(to) : named->port;
	unsigned denied_before = s->denial.count;
	enum rules_verdict verdict = session_decide(s, RULES_UDP, name, to, port);
	bool allowed = verdict == RULES_ALLOW || (!to && verdict == RULES_DEPENDS);

	if (to || !allowed)
		log_datagram(s, name, to, allowed ? "sends to" : "must not send to");
	/* Keep what the denial is about. The request's own address is not needed any more. */
	if (s->denial.count == 1 && !denied_before)
		s->dest = named ? *named : (struct dest){ .addr = *to, .port = port };
	return allowed;
}

/*
 * Returns why datagrams were lost, or NULL. Of those that the rules dropped, names the first and
 * counts the others: with a line for each of them a client could fill the log. The words are in
 * error[], or constant.
 */
static const char *trouble(struct session *s, const char *lost, char *error, size_t size)
{
	struct text t = { .buf = error, .cap = size };
	char addr[ADDR_TEXT_MAX];

	if (!s->denial.count)
		return lost || !s->undecided ? lost : session_undecided(s);
	s->denial.told = true;
	*error = '\0';
	text_str(&t, "datagrams to ");
	if (s->denial.named) {
		text_strs(&t, s->dest.name, ":", NULL);
		text_uint(&t, s->denial.port);
	} else {
		addr_format(&s->denial.addr, addr);
		text_str(&t, addr);
	}
	text_str(&t, " were dropped: ");
	if (s->denial.why.reason == RULES_BY_RULE) {
		text_str(&t, "denied by ");
		why_place(s, &s->denial.why, &t);
	} else {
		why_words(s, false, &t);
	}
	if (s->denial.count > 1) {
		text_str(&t, " (the first of ");
		text_uint(&t, s->denial.count);
		text_str(&t, " denials)");
	}
	if (lost)
		text_strs(&t, "; others were lost: ", lost, NULL);
	return error;
}

static _Noreturn void fail(struct session *s, const char *what, int err)
{
	char error[120];
	struct text t = TEXT_OF(error);

	text_strs(&t, what, ": ", strerror(-err), NULL);
	log_strs(s->log, LOG_ERR, "udp: ", error, NULL);
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, error);
}

/* Returns a socket, or -1 if --family or the kernel excludes this family. */
static int open_upstream(struct session *s, int family, enum net_family other)
{
	const char *step;
	int fd;

	if (s->opt->net.family == other)
		return -1;
	fd = net_socket(&s->opt->net, family, SOCK_DGRAM, &step);
	if (fd == -EAFNOSUPPORT)
		return -1;
	if (fd < 0)
		fail(s, step, fd);
	udp_tune(fd, family);
	return fd;
}

/*
 * Returns the port that the client will send from, or 0 if it did not say. The port counts only
 * with the client's own address: some clients send their first destination instead.
 */
static uint16_t announced_port(const struct session *s, const union endpoint *client)
{
	const union endpoint *said = &s->dest.addr;
	bool own = addr_len(client) ? addr_same_host(said, client) : addr_is_loopback(said);

	return addr_is_unspecified(said) || own ? s->dest.port : 0;
}

static void open_relay(struct session *s, struct udp_association *r, union endpoint *told)
{
	int family = s->request.atyp == SOCKS5_ATYP_IPV6 ? AF_INET6 : AF_INET;

	r->fd = inbound_relay(&s->opt->net, &s->client, family, told);
	if (r->fd < 0)
		fail(s, "no address and port for the relay", r->fd);
	udp_tune(r->fd, told->sa.sa_family);
}

_Noreturn void cmd_udp(struct session *s)
{
	struct udp_association r = {
		.control = s->client.stream,
		.allows = allows,
		.ctx = s,
		.family = s->opt->net.family,
		.patience_ms = s->opt->connect_timeout_ms,
		.idle_ms = s->opt->idle_timeout_ms,
		.rate = s->opt->net.rate,
	};
	struct udp_result result;
	enum record_end end;
	union endpoint told;
	char error[2 * WHY_MAX];
	const char *why;
	int err;

	if (session_decide(s, RULES_UDP, NULL, NULL, 0) == RULES_DENY)
		session_denied(s);
	if (s->client.kind == CLIENT_INTERNET)
		r.client = s->client.addr;
	if (r.control.layer)
		r.layer = r.control.layer->datagrams;
	r.client_port = announced_port(s, &r.client);
	remote_find_reached(&s->client);
	open_relay(s, &r, &told);
	r.upstream[0] = open_upstream(s, AF_INET, FAMILY_IPV6);
	r.upstream[1] = open_upstream(s, AF_INET6, FAMILY_IPV4);
	s->rec.dest = NULL;
	session_granted(s, &told);
	session_confine(s, PHASE_DATAGRAMS);
	err = udp_run(&r, &result);
	s->rec.relayed = true;
	s->rec.sent = result.sent;
	s->rec.received = result.received;
	end = reply_end_from_errno(err, END_IDLE);
	why = trouble(s, result.trouble, error, sizeof(error));
	if (end == END_FAILED || end == END_PROTOCOL)
		why = stream_why(&s->client.stream, err);
	end_hangup(s, end, why);
}

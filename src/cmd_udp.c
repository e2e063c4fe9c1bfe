/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP ASSOCIATE (RFC 1928 sections 4 and 7): opens a socket for the client and one for each address
 * family of destinations, and asks the rules about every datagram. The address in the request is no
 * destination. Grants the flags of the request (draft-ietf-aft-socks-pro-v5-05) where it can.
 */
#include "cmd_udp.h"
#include "base/text.h"
#include "end/end.h"
#include "end/reply.h"
#include "end/why.h"
#include "net/inbound.h"
#include "net/reached.h"
#include "net/seen.h"
#include "reach/reach.h"
#include "udp/upstream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

static int allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	struct datagrams *d = ctx;
	struct session *s = d->s;
	const char *name = named ? named->name : NULL;
	uint16_t port = to ? addr_port(to) : named->port;
	unsigned denied_before = s->denial.count;
	enum rules_verdict verdict = reach_decide(s, RULES_UDP, name, to, port);
	/* A name has no address yet, and a query may leave the port open. */
	bool open = (!to || !port) && verdict == RULES_DEPENDS;
	bool allowed = verdict == RULES_ALLOW || open;
	int way;

	if (to || !allowed)
		log_datagram(s, name, to, allowed ? "may send to" : "must not send to");
	/* Keep what the denial is about. The request's own address is not needed any more. */
	if (s->denial.count == 1 && !denied_before)
		s->dest = named ? *named : (struct dest){ .addr = *to, .port = port };
	if (!allowed || !to)
		return allowed ? 0 : -EACCES;
	way = cmd_udp_route(d, name, to, open);
	if (way < 0)
		log_datagram(s, name, to, "no route for datagrams leads to");
	return way;
}

static int seen_as(void *ctx, int way, int fd, const union endpoint *host, union endpoint *ret)
{
	struct datagrams *d = ctx;
	struct session *s = d->s;
	int err = net_seen_as(d->net[way], fd, host, ret);
	char them[ADDR_TEXT_MAX], us[ADDR_TEXT_MAX];

	if (!log_wants(s->log, LOG_DEBUG))
		return err;
	addr_format(host, them);
	if (!err)
		addr_format(ret, us);
	log_strs(s->log, LOG_DEBUG, "udp: tells as which address ", them,
		 " sees it: ", err ? strerror(-err) : us, NULL);
	return err;
}

/* An error of this host that kept the rules from judging says nothing about the destination. */
static enum socks5_rep reply_to_query(void *ctx, int err)
{
	const struct session *s = ((struct datagrams *)ctx)->s;

	return err == -EACCES && s->undecided ? SOCKS5_REP_GENERAL_FAILURE : reply_from_errno(err);
}

static _Noreturn void no_relay(struct session *s, int err)
{
	char error[120];
	struct text t = TEXT_OF(error);

	text_strs(&t, "no address and port for the relay: ", strerror(-err), NULL);
	cmd_udp_fail(s, error);
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
		no_relay(s, r->fd);
	udp_tune(r->fd, told->sa.sa_family);
}

/* Opens the relay again if the client's port, which is wanted for the other side, is its port. */
static void make_way(struct session *s, struct udp_association *r, union endpoint *told)
{
	union endpoint other;
	int fd;

	if (addr_port(told) != s->request.port)
		return;
	fd = inbound_relay(&s->opt->net, &s->client, told->sa.sa_family, &other);
	if (fd < 0)
		return;
	udp_tune(fd, other.sa.sa_family);
	close(r->fd);
	r->fd = fd;
	*told = other;
}

/*
 * Gives the client's port to the upstream sockets, to all or to none, because one flag answers for
 * all. Returns NULL, or why they can't have it.
 */
static const char *take_port(struct datagrams *d, const union endpoint *told)
{
	struct session *s = d->s;
	uint16_t port = s->request.port;
	const char *why = udp_upstream_forbids(&s->opt->net, port);
	int err = 0;

	if (why)
		return why;
	if (addr_port(told) == port)
		return "no other port is left for the relay";
	for (int i = 0; i < d->a.ways && !err; i++)
		err = udp_upstream_bind(d->a.way[i].fd, port);
	if (!err)
		return NULL;
	cmd_udp_close_routes(d);
	cmd_udp_open_routes(d);
	return strerror(-err);
}

/* Grants what the client has asked for, as far as possible. Ignores flags that are not known. */
static void grant(struct datagrams *d, const union endpoint *told)
{
	struct session *s = d->s;
	const char *why;

	if (s->request.flag & SOCKS5_FLAG_INTERFACE_REQUEST) {
		s->flag |= SOCKS5_FLAG_INTERFACE_REQUEST;
		d->a.seen = seen_as;
		d->a.reply = reply_to_query;
	}
	if (!(s->request.flag & SOCKS5_FLAG_USECLIENTSPORT))
		return;
	why = take_port(d, told);
	if (!why)
		s->flag |= SOCKS5_FLAG_USECLIENTSPORT;
	log_strs(s->log, LOG_DEBUG, "udp: the client's port is ", why ? "not used: " : "used", why,
		 NULL);
}

_Noreturn void cmd_udp(struct session *s)
{
	struct datagrams d = {
		.s = s,
		.a = {
			.control = s->client.stream,
			.allows = allows,
			.ctx = &d,
			.patience_ms = s->opt->connect_timeout_ms,
			.idle_ms = s->opt->idle_timeout_ms,
		},
	};
	struct udp_association *r = &d.a;
	struct udp_result result;
	enum record_end end;
	union endpoint told;
	char error[2 * WHY_MAX];
	struct text t = TEXT_OF(error);
	const char *why;
	int err;

	cmd_udp_find_routes(&d, reach_decide(s, RULES_UDP, NULL, NULL, 0));
	if (s->udp_refused)
		end_refused(
			s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL,
			"UDP ASSOCIATE inside the SSL draft needs the option UDP-Naked, which the "
			"client does not offer");
	if (s->client.kind == CLIENT_INTERNET)
		r->client = s->client.addr;
	if (r->control.layer)
		r->layer = r->control.layer->datagrams;
	if (r->layer)
		r->layer->in_use = true;
	r->client_port = announced_port(s, &r->client);
	reached_find(&s->client);
	open_relay(s, r, &told);
	if (s->request.flag & SOCKS5_FLAG_USECLIENTSPORT)
		make_way(s, r, &told);
	cmd_udp_open_routes(&d);
	if (s->request.flag)
		grant(&d, &told);
	s->rec.dest = NULL;
	session_granted(s, &told);
	reach_phase(s, PHASE_DATAGRAMS);
	err = udp_run(r, &result);
	s->rec.relayed = true;
	s->rec.sent = result.sent;
	s->rec.received = result.received;
	end = reply_end_from_errno(err, END_IDLE);
	if (!result.trouble)
		result.trouble = d.trouble;
	if (!result.trouble && s->undecided)
		result.trouble = reach_undecided(s);
	why_datagrams(s, result.trouble, &t);
	why = t.len ? error : NULL;
	if (end == END_FAILED || end == END_PROTOCOL)
		why = stream_why(&s->client.stream, err);
	end_hangup(s, end, why);
}

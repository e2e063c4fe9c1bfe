/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BIND (RFC 1928 section 4): listens, replies with the address, waits for the peer, replies with
 * the peer's address, relays. Closes every other connection at once.
 */
#include "base/text.h"
#include "base/wait.h"
#include "end/end.h"
#include "end/why.h"
#include "net/inbound.h"
#include "net/reached.h"
#include "net/socket.h"
#include "reach/reach.h"
#include "reach/route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Returns the address family that the route has alone, or that in which the client came; or 0. */
static int family_for_anybody(const struct session *s)
{
	const struct route *out = &s->net->out;
	int four = out->source.ipv4.sa.sa_family, six = out->source.ipv6.sa.sa_family;

	if (s->net == &s->opt->net)
		return s->client.reached.sa.sa_family;
	if (out->family == FAMILY_IPV4 || out->family == FAMILY_IPV6)
		return out->family == FAMILY_IPV4 ? AF_INET : AF_INET6;
	return !four == !six ? s->client.reached.sa.sa_family : four + six;
}

/* If any peer may come, the family of the request says nothing. */
static union endpoint meeting_place(const struct session *s, const struct candidates *who)
{
	const struct address_pair *external = &s->opt->net.external;
	union endpoint peer = who->addr[0];
	bool told = (peer.sa.sa_family == AF_INET ? external->ipv4 : external->ipv6).sa.sa_family;
	int family = family_for_anybody(s);

	if (reach_expects_anybody(s) && !told && s->version != SOCKS4_VERSION && family)
		addr_parse(family == AF_INET ? "0.0.0.0" : "::", &peer);
	return peer;
}

/* The administrator has to put this right; it says nothing about the peer. */
static _Noreturn void no_listener(struct session *s, int err)
{
	char error[120];
	struct text t = TEXT_OF(error);

	text_strs(&t, "no address and port to listen on: ", strerror(-err), NULL);
	if (err == -EADDRINUSE && s->opt->net.port_hi)
		text_str(&t, " (all of port-range)");
	if (err == -EPERM || err == -ENODEV)
		text_str(&t, " (mark or interface)");
	log_strs(s->log, LOG_ERR, "bind: ", error, NULL);
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, error);
}

static int open_listener(struct session *s, const struct candidates *who)
{
	union endpoint peer = meeting_place(s, who), told;
	int fd = inbound_listener(s->net, &s->client, &peer, &told);

	if (fd == -ENETUNREACH || fd == -EHOSTUNREACH || fd == -ENETDOWN)
		end_failed(s, fd, NULL);
	if (fd < 0)
		no_listener(s, fd);
	/* The accepted socket inherits these settings; its peer may send urgent data at once. */
	net_tune(fd, s->net);
	session_granted(s, &told);
	return fd;
}

/*
 * Returns false if the rule that allows the peer has another route than the listener: the peer must
 * not see an address that this rule does not give it. The rate may be another one.
 */
static bool has_come_by_route(struct session *s)
{
	const struct net_options *net = reach_route(s, REACH_ROUTE_ARRIVED);

	if (!reach_routes_alike(net, s->net)) {
		s->other_route = true;
		return false;
	}
	s->net = net;
	return true;
}

static bool is_expected(struct session *s, const struct candidates *who, const union endpoint *peer)
{
	bool known = reach_expects_anybody(s);

	for (size_t i = 0; i < who->n && !known; i++)
		known = addr_same_host(&who->addr[i], peer);
	return known &&
	       reach_decide(s, RULES_BIND, s->dest.name, peer, addr_port(peer)) == RULES_ALLOW &&
	       has_come_by_route(s);
}

static void log_stranger(const struct session *s, const union endpoint *peer)
{
	char buf[ADDR_TEXT_MAX];

	addr_format(peer, buf);
	log_strs(s->log, LOG_DEBUG, "bind: turned away ", buf, NULL);
}

/* Nobody came in time, or only strangers: denied by the rules, not judged by them, or others. */
static _Noreturn void nobody_came(struct session *s, const union endpoint *stranger)
{
	char error[WHY_MAX + 100], addr[ADDR_TEXT_MAX];
	struct text t = TEXT_OF(error);

	text_str(&t, "the peer did not connect within bind-timeout");
	if (s->denial.count) {
		why_rule(s);
		text_str(&t, "; turned away: ");
		why_words(s, true, &t);
	} else if (addr_format_host(stranger, addr)) {
		text_strs(&t, "; turned away: ", addr, ", because ",
			  s->undecided	 ? reach_undecided(s) :
			  s->other_route ? "the rule that allows it has another route" :
					   "the request names another peer",
			  NULL);
	}
	end_failed(s, -ETIMEDOUT, error);
}

/* Errors of accept(2) about a peer that has left again; all others are errors of this host. */
static bool is_peers(int err)
{
	static const int theirs[] = { EAGAIN,	 EINTR,	       ECONNABORTED, ECONNRESET,
				      EPROTO,	 ETIMEDOUT,    ENETDOWN,     ENETUNREACH,
				      EHOSTDOWN, EHOSTUNREACH, ENOPROTOOPT,  EOPNOTSUPP };

	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
		if (err == theirs[i])
			return true;
	return false;
}

/*
 * Accepts the next connection. Returns its descriptor if it is the expected peer, -EAGAIN if there
 * is none or it is a stranger, who is then noted, or another negative errno.
 */
static int admit(struct session *s, int listener, const struct candidates *who,
		 union endpoint *stranger)
{
	union endpoint peer = { 0 };
	socklen_t len = sizeof(peer);
	int fd = accept4(listener, &peer.sa, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return is_peers(errno) ? -EAGAIN : -errno;
	addr_unmap(&peer);
	if (is_expected(s, who, &peer)) {
		s->rec.peer = peer;
		return fd;
	}
	log_stranger(s, &peer);
	*stranger = peer;
	close(fd);
	return -EAGAIN;
}

/*
 * Waits for the peer. Returns its descriptor; -ECONNABORTED if the client's stream ended first,
 * -ECONNRESET if it was reset; or the errors of wait_poll().
 */
static int await(struct session *s, int listener, const struct candidates *who,
		 union endpoint *stranger)
{
	int64_t deadline = wait_deadline(s->opt->bind_timeout_ms);
	/* Early data stays in the kernel or the layer: poll only for the end of the connection. */
	struct pollfd fds[] = {
		{ .fd = listener, .events = POLLIN },
		{ .fd = s->client.stream.in, .events = POLLRDHUP },
		{ .fd = s->client.stream.is_socket ? -1 : s->client.stream.out },
	};
	int r;

	do {
		r = wait_poll(fds, 3, deadline);
		if (r < 0)
			return r;
		if (fds[1].revents || fds[2].revents)
			return fds[1].revents & POLLERR ? -ECONNRESET : -ECONNABORTED;
		r = admit(s, listener, who, stranger);
		/* Strangers that keep connecting must not postpone the deadline. */
		if (r == -EAGAIN && wait_now() >= deadline)
			r = -ETIMEDOUT;
	} while (r == -EAGAIN);
	return r;
}

_Noreturn void cmd_bind(struct session *s)
{
	union endpoint stranger = { .sa.sa_family = AF_UNSPEC };
	struct candidates who = { .net = NULL };
	int listener, fd;

	reach_candidates(s, RULES_BIND, wait_deadline(s->opt->connect_timeout_ms), &who);
	reached_find(&s->client);
	listener = open_listener(s, &who);
	why_forget(s);
	fd = await(s, listener, &who, &stranger);
	close(listener);
	if (fd == -ECONNABORTED || fd == -ECONNRESET)
		end_hangup(s, fd == -ECONNRESET ? END_RESET : END_EOF, NULL);
	if (fd == -ETIMEDOUT)
		nobody_came(s, &stranger);
	if (fd < 0)
		end_failed(s, fd, NULL);
	session_granted(s, &s->rec.peer);
	session_relay(s, fd);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the rules about the destination: about the very address that is used afterwards. Connects
 * nothing, but gives up the ports that the connection does not need.
 */
#include "reach/reach.h"
#include "base/cold.h"
#include "base/text.h"
#include "end/end.h"
#include "end/why.h"
#include "reach/route.h"

#include <errno.h>
#include <string.h>

const char *reach_undecided(struct session *s)
{
	struct text t = TEXT_OF(s->rule);

	text_strs(&t, "netlink could not say whether it is an address of this host: ",
		  strerror(-s->undecided), NULL);
	return s->rule;
}

_Noreturn void reach_denied(struct session *s)
{
	char error[WHY_MAX];
	struct text t = TEXT_OF(error);

	if (s->undecided == -EINTR || s->undecided == -ETIME)
		end_failed(s, s->undecided, NULL);
	/* An error on this host says nothing about the destination. */
	if (s->undecided)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, reach_undecided(s));
	why_rule(s);
	why_words(s, false, &t);
	if (s->denial.count > 1) {
		text_str(&t, "; ");
		text_uint(&t, s->denial.count - 1);
		text_str(&t, s->denial.count == 2 ? " more address is denied" :
						    " more addresses are denied");
	}
	end_refused(s, SOCKS5_REP_NOT_ALLOWED, END_DENIED, t.len ? error : NULL);
}

/* A SOCKS 4 client may connect to IPv6 by name, but its replies can't carry an IPv6 address. */
static bool wants_ipv4(const struct session *s, enum rules_command command)
{
	return s->version == SOCKS4_VERSION && command != RULES_CONNECT;
}

static int resolve(struct session *s, enum rules_command command, int64_t deadline_ms,
		   struct candidates *ret, const char **why)
{
	enum net_family family = s->net->out.family;

	if (s->net == &s->opt->net)
		family = route_lookup_family(s->rules, family);
	if (wants_ipv4(s, command)) {
		if (family == FAMILY_IPV6)
			return -EAFNOSUPPORT;
		family = FAMILY_IPV4;
	}
	return resolve_dest(&s->dest, family, s->client.stream.out, deadline_ms, ret, why);
}

/* Returns why this family is not used: with SOCKS 4, --family need not be the reason. */
static const char *excluded(const struct session *s)
{
	const char *why;

	if (reach_route_fits(s, s->net, AF_INET6, &why) && s->net->out.family == FAMILY_IPV4)
		return why;
	if (reach_route_fits(s, s->net, AF_INET, &why) && s->net->out.family == FAMILY_IPV6)
		return why;
	return "a reply of SOCKS 4 can't carry an IPv6 address";
}

/* Ends the session, because there is no address. */
static _Noreturn void no_address(struct session *s, enum rules_command command, int err,
				 const char *why)
{
	enum net_family family = s->net->out.family;
	char error[200];
	struct text t = TEXT_OF(error);

	if (err == -ETIMEDOUT)
		end_refused(s, SOCKS5_REP_HOST_UNREACHABLE, END_TIMEOUT,
			    "the name was not looked up within connect-timeout");
	if (err == -EAFNOSUPPORT)
		end_failed(s, err, excluded(s));
	if (err != -ENOENT)
		end_failed(s, err, why);
	text_str(&t, why ? why : strerror(-err));
	if (wants_ipv4(s, command))
		text_str(&t, "; it was looked up for IPv4 alone, because SOCKS 4 has no IPv6");
	else if (family == FAMILY_IPV4 || family == FAMILY_IPV6)
		text_strs(&t, "; it was looked up for ", family == FAMILY_IPV4 ? "IPv4" : "IPv6",
			  family == s->opt->net.out.family ?
				  " alone, because of the option family" :
				  " alone, because of the family in the rule's route",
			  NULL);
	end_failed(s, err, error);
}

bool reach_expects_anybody(const struct session *s)
{
	return !s->dest.name[0] && addr_is_unspecified(&s->dest.addr);
}

/* Leaves to CONNECT the ports that it still needs. */
static void confine(struct session *s, enum rules_command command, enum session_phase phase)
{
	if (command == RULES_CONNECT)
		reach_phase(s, phase);
}

/* A parent connects, and does nothing else. */
static void judge_parent(struct session *s, enum rules_command command)
{
	if (command != RULES_CONNECT && reach_has_parent(s->net))
		end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL,
			    "the route of this destination is a parent, which is only for CONNECT");
}

/*
 * Asks about the name alone. Returns true if it goes to a parent as it is, because no rule up to
 * the one that allows it needs an address.
 */
static bool decide_name(struct session *s, enum rules_command command, struct candidates *ret)
{
	enum rules_verdict verdict = reach_decide(s, command, s->dest.name, NULL, s->dest.port);

	if (verdict == RULES_DENY)
		reach_denied(s);
	if (verdict != RULES_ALLOW || s->by_open) {
		confine(s, command, PHASE_LOOKUP);
		return false;
	}
	s->net = reach_route(s, 0);
	judge_parent(s, command);
	confine(s, command, PHASE_CONNECTING);
	ret->n = 0;
	return reach_has_parent(s->net);
}

/* What remains of the candidates. */
struct kept {
	size_t n;
	int err; /* of the first that its route excludes; 0: none */
	const char *why;
};

COLD const struct net_options *reach_dest_net[CANDIDATES_MAX];

/* Notes the settings of the n-th candidate, unless all so far have those of s->net. */
static void note_net(const struct session *s, struct candidates *c, size_t n,
		     const struct net_options *net)
{
	if (!c->net && net == s->net)
		return;
	for (size_t i = 0; !c->net && i < n; i++)
		reach_dest_net[i] = s->net;
	c->net = reach_dest_net;
	reach_dest_net[n] = net;
}

/*
 * Keeps the i-th candidate, which the rules allow, if its route reaches it, and if it leaves as the
 * first one does: by the same parent or without one. RESOLVE sends nothing, so `same` does not
 * matter.
 */
static void keep(struct session *s, enum rules_command command, struct candidates *c, size_t i,
		 struct kept *kept)
{
	const struct net_options *net = reach_route(s, kept->n);
	bool open = command == RULES_BIND && reach_expects_anybody(s);
	const char *why;
	int err = open ? 0 : reach_route_fits(s, net, c->addr[i].sa.sa_family, &why);

	if (err && !(command == RULES_RESOLVE && net->out.same)) {
		if (!kept->err)
			*kept = (struct kept){ .n = kept->n, .err = err, .why = why };
		return;
	}
	if (!kept->n) {
		s->net = net;
		judge_parent(s, command);
	} else if (!route_together(&net->out, &s->net->out)) {
		return;
	}
	note_net(s, c, kept->n, net);
	c->addr[kept->n++] = c->addr[i];
}

/* Ends the session: the rules deny some addresses, or routes exclude those that they allow. */
static _Noreturn void none_kept(struct session *s, const struct kept *kept)
{
	if (kept->err == -ENOTCONN)
		reach_same_unknown(s);
	if (!kept->err || s->denial.count || s->undecided)
		reach_denied(s);
	end_failed(s, s->dest.name[0] ? -ENOENT : kept->err, kept->why);
}

/* BIND may leave the peer open; the rules are asked again about the peer that comes. */
static void judge(struct session *s, enum rules_command command, struct candidates *c, size_t i,
		  struct kept *kept)
{
	const char *name = s->dest.name;
	bool open = command == RULES_BIND && reach_expects_anybody(s);
	const union endpoint *addr = open ? NULL : &c->addr[i];
	enum rules_verdict verdict = reach_decide(s, command, name, addr, s->dest.port);
	uint32_t at = 0;

	if (verdict == RULES_DENY)
		return;
	/* Until the peer is known, the first rule that may allow it says the route. */
	if (verdict == RULES_DEPENDS)
		reach_walk_open(s, command, name, addr, s->dest.port, &at);
	keep(s, command, c, i, kept);
}

void reach_candidates(struct session *s, enum rules_command command, int64_t deadline_ms,
		      struct candidates *ret)
{
	struct kept kept = { 0 };
	const char *why = NULL;
	int err;

	/* If the rules deny the name whatever its address is, don't look it up. */
	if (s->dest.name[0] && decide_name(s, command, ret))
		return;
	err = resolve(s, command, deadline_ms, ret, &why);
	if (err < 0)
		no_address(s, command, err, why);
	for (size_t i = 0; i < ret->n; i++)
		judge(s, command, ret, i, &kept);
	if (!kept.n)
		none_kept(s, &kept);
	ret->n = kept.n;
	reach_route_order(s, ret);
	confine(s, command, PHASE_CONNECTING);
}

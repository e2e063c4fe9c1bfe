/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the rules. If the rule that allows has a route of its own, asks them once more, because
 * another address may be one of this host there.
 */
#include "reach/reach.h"
#include "end/why.h"
#include "net/self.h"
#include "reach/route.h"
#include "rules/may.h"

/* For is_ours(): what the options say, and the route of the rule that allows. */
struct routes {
	const struct net_options *general, *chosen;
};

/* Is the address one of this host for either route? */
static int is_ours(const void *ctx, const union endpoint *addr, bool client)
{
	const struct routes *r = ctx;
	int self = self_is(r->general, addr, client);

	return self || client ? self : self_has(r->chosen, addr);
}

static enum rules_verdict decide(struct session *s, struct rules_query *query,
				 struct rules_decision *d)
{
	struct routes r = { .general = &s->opt->net };
	enum rules_verdict verdict = rules_decide(s->rules, query, d);

	if (verdict != RULES_ALLOW || !query->addr || (!d->rule.route && !r.general->out.same))
		return verdict;
	s->by = d->rule;
	r.chosen = reach_route(s, REACH_ROUTE_JUDGED);
	if (reach_routes_alike(r.general, r.chosen))
		return verdict;
	/* With the same answers the rule is the same, and with another answer it names `self`. */
	query->is_self = is_ours;
	query->ctx = &r;
	return rules_decide(s->rules, query, d);
}

static struct rules_query ask(const struct session *s, enum rules_command command, const char *name,
			      const union endpoint *addr, uint16_t port)
{
	return (struct rules_query){
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
}

enum rules_verdict reach_decide(struct session *s, enum rules_command command, const char *name,
				const union endpoint *addr, uint16_t port)
{
	struct rules_query query = ask(s, command, name, addr, port);
	struct rules_decision d;

	if (decide(s, &query, &d) == RULES_DENY && !d.err)
		why_note(s, &query, &d);
	if (d.verdict == RULES_ALLOW)
		s->by = d.rule;
	s->by_open = d.open;
	if (d.err)
		s->undecided = d.err;
	return d.verdict;
}

bool reach_walk_open(struct session *s, enum rules_command command, const char *name,
		     const union endpoint *addr, uint16_t port, uint32_t *at)
{
	const struct rules_query query = ask(s, command, name, addr, port);

	return rules_walk_open(s->rules, &query, at, &s->by);
}

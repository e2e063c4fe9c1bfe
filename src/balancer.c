/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the header and not a byte more, TLVs included. Reads none from any other peer. */
#include "balancer.h"
#include "end/end.h"
#include "reach/reach.h"
#include "log/title.h"
#include "net/self.h"
#include "session_limit.h"
#include "wire/proxyhdr.h"

#include <string.h>

static void skip(struct session *s, size_t left)
{
	uint8_t buf[512];

	while (left) {
		size_t want = left < sizeof(buf) ? left : sizeof(buf);
		ssize_t got = stream_read(&s->client.stream, buf, want, s->deadline_ms);

		if (got <= 0)
			end_stream(s, (int)got);
		left -= (size_t)got;
	}
}

/*
 * After UNKNOWN and LOCAL the log shows the balancer's address, but the client does not get its
 * rights: otherwise the clients of a balancer on this host would count as local.
 */
static void take_client(struct client *c, const struct proxyhdr *h)
{
	c->kind = CLIENT_UNKNOWN;
	if (h->local)
		return;
	c->addr = h->src;
	c->reached = h->dst;
	if (h->src.sa.sa_family != AF_UNSPEC)
		c->kind = CLIENT_INTERNET;
}

static bool is_balancer(struct session *s)
{
	const struct rules_query query = {
		.kind = s->client.kind,
		.client = &s->client.addr,
		.is_self = self_is,
		.ctx = &s->opt->net,
	};
	struct rules_decision d;

	if (!s->opt->balancers.count)
		return false;
	rules_decide(&s->opt->balancers, &query, &d);
	s->undecided = d.err;
	if (d.err)
		end_hangup(s, END_FAILED, reach_undecided(s));
	return d.verdict == RULES_ALLOW;
}

void balancer_header(struct session *s)
{
	uint8_t buf[PROXYHDR_MAX];
	struct proxyhdr h;
	size_t n = 0;
	int need;

	if (!is_balancer(s))
		return;
	/* The client's own limit has to wait for the header, which says who the client is. */
	session_limit_all(s);
	while ((need = proxyhdr_decode(buf, n, &h)) > 0)
		session_fill(s, buf, &n, need);
	if (need < 0)
		end_hangup(s, END_PROTOCOL, "expected a PROXY header from this load balancer");
	skip(s, h.skip);
	take_client(&s->client, &h);
	title_show(&s->client, NULL, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a request to what it reaches: the rules are asked, the sandbox closes, names are looked up,
 * the route is found, and a parent is asked to connect.
 */
#ifndef REACH_REACH_H
#define REACH_REACH_H

#include "session.h"

/*
 * Enters the sandbox of this phase, unless it was entered before or --no-sandbox is set. Does
 * nothing for PHASE_LOOKUP after PHASE_CONNECTING. Ends the session on failure.
 */
void reach_phase(struct session *s, enum session_phase phase);

/* Returns true if a rule or the option via names a parent. */
bool reach_may_have_parent(const struct session *s);

/*
 * Asks the rules about a destination: the name that the client gave (NULL or empty: none), an
 * address and a port (NULL, AF_UNSPEC, 0: not known yet). Notes a denial for the log (end/why.h).
 */
enum rules_verdict reach_decide(struct session *s, enum rules_command command, const char *name,
				const union endpoint *addr, uint16_t port);

/*
 * Walks through the rules that may allow what the question leaves open: sets s->by to the next one.
 * *at is 0 at first. Returns false at the end.
 */
bool reach_walk_open(struct session *s, enum rules_command command, const char *name,
		     const union endpoint *addr, uint16_t port, uint32_t *at);

/* Returns, in words, why the rules could not judge, if s->undecided is set. The words are in *s. */
const char *reach_undecided(struct session *s);

/* Ends the session, because the rules denied what reach_decide() was asked about. */
_Noreturn void reach_denied(struct session *s);

/*
 * Sets s->net, and c->net if the candidates leave by several routes. For CONNECT enters
 * PHASE_CONNECTING, and perhaps PHASE_LOOKUP before.
 *
 * Resolves the destination by the deadline and leaves out the addresses that the rules deny, and,
 * for BIND and RESOLVE, those that the protocol can't express (SOCKS 4: IPv6). Ends the session
 * with the right reply if no address remains.
 */
void reach_candidates(struct session *s, enum rules_command command, int64_t deadline_ms,
		      struct candidates *ret);

/*
 * Connects to the parent of s->net, and asks it for the destination: for the first candidate, or,
 * if there is none, for the name. Returns the connected socket, and sets *bound to the address that
 * the parent tells. Ends the session on failure.
 */
int reach_parent(struct session *s, const struct candidates *c, int64_t deadline_ms,
		 union endpoint *bound);

/* Returns true if the request lets any peer connect: BIND to 0.0.0.0 or ::. */
bool reach_expects_anybody(const struct session *s);

#endif

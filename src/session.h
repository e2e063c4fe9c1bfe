/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one session of this process, and the conversation that it holds. */
#ifndef SESSION_H
#define SESSION_H

#include "client.h"
#include "log/log.h"
#include "options/options.h"
#include "log/record.h"
#include "net/resolve.h"
#include "base/stream.h"
#include "wire/socks4.h"
#include "wire/socks5.h"

struct session {
	const struct options *opt;
	struct rules *rules; /* those of opt, until nothing more is asked of them */
	struct log *log;
	struct client client;
	struct stream stream;
	struct record rec;
	int64_t deadline_ms; /* of the handshake */
	uint8_t version;     /* of the protocol spoken: how replies are encoded; 0: none yet */
	char user[256];	     /* authenticated; empty: nobody */
	struct socks5_request request;
	struct dest dest;
	char rule[300]; /* room for rec.rule, or for words about undecided */
	int undecided;	/* why the rules could not judge what they then denied; 0 */
};

/* Holds the conversation, straight down, and ends the process. */
_Noreturn void session_run(struct session *s);

/*
 * Asks the rules about a destination: the name that the client gave (NULL or empty: none), an
 * address and a port (NULL, AF_UNSPEC, 0: not known yet). Remembers the rule that denied for the
 * log.
 */
enum rules_verdict session_decide(struct session *s, enum rules_command command, const char *name,
				  const union endpoint *addr, uint16_t port);

/* In words, why the rules could not judge; where s->undecided is set. */
const char *session_undecided(struct session *s);

/*
 * Resolves the destination and leaves out what the rules deny, under the deadline, and for BIND
 * and RESOLVE what the protocol can't name (SOCKS 4: IPv6). Ends the session with the right reply
 * if nothing remains.
 */
void session_candidates(struct session *s, enum rules_command command, int64_t deadline_ms,
			struct candidates *ret);

/* Does the request leave open who will come (BIND to 0.0.0.0 or ::)? */
bool session_expects_anybody(const struct session *s);

/*
 * Answers with success and this address; may be called twice (BIND). Ends the session on failure.
 */
void session_granted(struct session *s, const union endpoint *bound);

/* Relays between the client and this connected TCP socket, to the end. */
_Noreturn void session_relay(struct session *s, int upstream);

/* Why the session ended, from what a relay returned. */
enum record_end session_end_of_relay(int err);

/* The commands: each ends the process. */
_Noreturn void cmd_bind(struct session *s);
_Noreturn void cmd_connect(struct session *s);
_Noreturn void cmd_resolve(struct session *s);
_Noreturn void cmd_resolve_ptr(struct session *s);
_Noreturn void cmd_udp(struct session *s);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one session of this process, and the conversation that it holds. */
#ifndef SESSION_H
#define SESSION_H

#include "activate.h"
#include "log.h"
#include "options.h"
#include "record.h"
#include "resolve.h"
#include "stream.h"
#include "wire/socks5.h"

struct session {
	const struct options *opt;
	const struct log *log;
	struct client client;
	struct stream stream;
	struct record rec;
	int64_t deadline_ms; /* of the handshake */
	uint8_t version;     /* of the protocol spoken: how replies are encoded; 0: none yet */
	char user[256];	     /* authenticated; empty: nobody */
	struct socks5_request request;
	struct dest dest;
	char rule[300];	     /* room for rec.rule */
};

/* Holds the conversation, straight down, and ends the process. */
_Noreturn void session_run(struct session *s);

/*
 * Asks the rules about an address (NULL or AF_UNSPEC: not known yet) for this session's request, and
 * remembers the rule that denied for the log.
 */
enum rules_verdict session_decide(struct session *s, enum rules_command command,
				  const union endpoint *addr, uint16_t port);

/*
 * Resolves the destination and leaves out what the rules deny, under the deadline.
 * Ends the session with the right reply if nothing remains.
 */
void session_candidates(struct session *s, enum rules_command command, int64_t deadline_ms,
			struct candidates *ret);

/* Relays between the client and this connected TCP socket, to the end. */
_Noreturn void session_relay(struct session *s, int upstream);

/* The commands: each ends the process. */
_Noreturn void cmd_connect(struct session *s);

#endif

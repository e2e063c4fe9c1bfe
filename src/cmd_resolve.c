/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tor's RESOLVE and RESOLVE_PTR: the address of a name, the name of an address. Sends one answer,
 * connects nothing, ignores the port of the request.
 */
#include "base/blocking.h"
#include "base/cold.h"
#include "base/wait.h"
#include "end/end.h"
#include "reach/reach.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

/* Returns the first allowed address, in the order in which CONNECT would try them. */
static union endpoint find_address(struct session *s, int64_t deadline_ms)
{
	struct candidates found = { .net = NULL };

	s->dest.port = 0;
	addr_set_port(&s->dest.addr, 0);
	reach_candidates(s, RULES_RESOLVE, deadline_ms, &found);
	return found.addr[0];
}

_Noreturn void cmd_resolve(struct session *s)
{
	s->rec.peer = find_address(s, wait_deadline(s->opt->connect_timeout_ms));
	session_granted(s, &s->rec.peer);
	end_hangup(s, END_EOF, NULL);
}

/* A reverse lookup, for the thread that runs it. */
struct reverse {
	union endpoint addr;
	char name[NI_MAXHOST];
	int eai;
	int err; /* errno, for EAI_SYSTEM */
};

static void look_up(void *arg)
{
	struct reverse *r = arg;

	errno = 0;
	r->eai = getnameinfo(&r->addr.sa, addr_len(&r->addr), r->name, sizeof(r->name), NULL, 0,
			     NI_NAMEREQD);
	r->err = errno;
}

/* Finds a name that the reply can carry, or ends the session. */
static void find_name(struct session *s, struct reverse *r, int64_t deadline_ms)
{
	int err = blocking_call(look_up, r, s->client.stream.out, deadline_ms);
	const char *why = NULL;

	if (err == -ETIMEDOUT)
		end_refused(s, SOCKS5_REP_HOST_UNREACHABLE, END_TIMEOUT,
			    "the address was not looked up within connect-timeout");
	if (err < 0)
		end_failed(s, err, NULL);
	if (r->eai) {
		err = resolve_error(r->eai, r->err, &why);
		end_failed(s, err, r->eai == EAI_NONAME ? "the address has no name" : why);
	}
	if (!r->name[0] || strlen(r->name) > UINT8_MAX)
		end_failed(s, -ENOENT, "the name that was found does not fit into a reply");
}

/* Static, because the thread goes on if the wait for it fails. */
COLD struct reverse cmd_resolve_reverse;

_Noreturn void cmd_resolve_ptr(struct session *s)
{
	int64_t deadline = wait_deadline(s->opt->connect_timeout_ms);
	struct reverse *r = &cmd_resolve_reverse;
	uint8_t buf[SOCKS5_REPLY_MAX];
	int err;

	if (s->dest.name[0])
		end_refused(s, SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED, END_PROTOCOL,
			    "RESOLVE_PTR is for an address, and the client sent a name");
	r->addr = find_address(s, deadline);
	find_name(s, r, deadline);
	s->rec.reply = SOCKS5_REP_SUCCEEDED;
	err = stream_write(&s->client.stream, buf, socks5_reply_name_encode(buf, r->name),
			   wait_deadline(s->opt->handshake_timeout_ms));
	if (err < 0)
		end_stream(s, err);
	end_hangup(s, END_EOF, NULL);
}

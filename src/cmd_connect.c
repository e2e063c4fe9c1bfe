/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CONNECT (RFC 1928 section 4), and both forms of HTTP: resolves, connects, replies or sends the
 * head of the request, relays.
 */
#include "base/wait.h"
#include "end/end.h"
#include "end/reply.h"
#include "net/dial.h"
#include "reach/reach.h"
#include "reach/route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Says which address failed, if the destination is a name, and what became of the others. */
static _Noreturn void not_reached(struct session *s, int err, const struct dialled *d,
				  bool timed_out)
{
	char error[300], addr[ADDR_TEXT_MAX];
	struct text t = TEXT_OF(error);

	if (s->dest.name[0] && addr_format_host(&d->peer, addr))
		text_strs(&t, addr, ": ", NULL);
	text_str(&t, timed_out ? "no answer within connect-timeout" : reply_words_allowed(err));
	if (d->tried > 1) {
		text_str(&t, "; tried ");
		text_uint(&t, d->tried);
		text_str(&t, " addresses");
	}
	if (s->denial.count) {
		text_str(&t, "; the rules deny ");
		text_uint(&t, s->denial.count);
		text_str(&t, " more");
	}
	end_failed(s, err, error);
}

static int connect_upstream(struct session *s, union endpoint *bound)
{
	int64_t deadline = wait_deadline(s->opt->connect_timeout_ms);
	struct candidates candidates = { .net = NULL };
	struct dialled d;
	int fd;

	reach_candidates(s, RULES_CONNECT, deadline, &candidates);
	if (reach_has_parent(s->net))
		return reach_parent(s, &candidates, deadline, bound);
	fd = dial(&candidates, s->net, s->client.stream.out, deadline, &d);
	s->rec.peer = d.peer;
	if (fd >= 0 && candidates.net)
		s->net = candidates.net[d.winner];
	if (fd >= 0)
		return fd;
	if (fd == -ECONNABORTED)
		end_failed(s, fd, NULL);
	if (!d.step)
		not_reached(s, fd, &d, fd == -ETIMEDOUT && wait_now() >= deadline);
	end_setting(s, fd, d.step);
}

/* The answer of HTTP names no address, so nobody asks the kernel for it. */
static void grant(struct session *s, int fd, union endpoint *bound)
{
	socklen_t len = sizeof(*bound);

	if (!reach_has_parent(s->net) && s->version != SESSION_HTTP &&
	    getsockname(fd, &bound->sa, &len) < 0)
		end_setting(s, -errno, "getsockname");
	session_granted(s, bound);
}

/* Sends the head of an HTTP request, which the client's own bytes follow, and wipes it. */
static void forward_head(struct session *s, int fd)
{
	const struct stream upstream = { .in = fd, .out = fd, .is_socket = true, .is_tcp = true };
	int64_t deadline = wait_deadline(s->opt->handshake_timeout_ms);
	int err = stream_write(&upstream, s->http.forward, s->http.forward_len, deadline);

	explicit_bzero(s->http.forward, s->http.forward_len);
	if (err == -ECONNRESET || err == -EPIPE) {
		s->http.status = 502;
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_RESET,
			    "the destination closed the connection before it took the request");
	}
	if (err < 0)
		end_failed(s, err,
			   err == -ETIMEDOUT ? "the destination did not take the request within "
					       "handshake-timeout" :
					       NULL);
	s->rec.reply = SOCKS5_REP_SUCCEEDED;
	s->rec.sent = s->http.forward_len;
}

_Noreturn void cmd_connect(struct session *s)
{
	union endpoint bound = { 0 };
	int fd;

	if (!s->dest.port)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL,
			    "there is no port 0 to connect to");
	/* Without parents it is known already which ports are needed. */
	if (!reach_may_have_parent(s))
		reach_phase(s, PHASE_CONNECTING);
	fd = connect_upstream(s, &bound);
	if (s->http.forward)
		forward_head(s, fd);
	else
		grant(s, fd, &bound);
	session_relay(s, fd);
}

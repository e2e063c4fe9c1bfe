/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CONNECT (RFC 1928 section 4): resolves, connects, replies, relays. */
#include "net/dial.h"
#include "end.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static int connect_upstream(struct session *s)
{
	int64_t deadline = wait_deadline(s->opt->connect_timeout_ms);
	struct candidates candidates;
	struct dialled d;
	char step[80];
	struct text t = TEXT_OF(step);
	int fd;

	session_candidates(s, RULES_CONNECT, deadline, &candidates);
	fd = dial(&candidates, &s->opt->net, s->client.stream.out, deadline, &d);
	s->rec.peer = d.peer;
	if (fd >= 0)
		return fd;
	if (!d.step)
		end_failed(s, fd, NULL);
	/* A setting of the administrator failed; that says nothing about the destination. */
	text_strs(&t, d.step, ": ", strerror(-fd), NULL);
	log_strs(s->log, LOG_ERR, step, NULL);
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, step);
}

static void grant(struct session *s, int fd)
{
	union endpoint bound = { 0 };
	socklen_t len = sizeof(bound);

	if (getsockname(fd, &bound.sa, &len) < 0)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, strerror(errno));
	session_granted(s, &bound);
}

_Noreturn void cmd_connect(struct session *s)
{
	int fd;

	if (!s->dest.port)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL, "can't connect to port 0");
	session_confine(s, PHASE_CONNECTING);
	fd = connect_upstream(s);
	grant(s, fd);
	session_relay(s, fd);
}

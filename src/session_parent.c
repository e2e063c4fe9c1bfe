/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CONNECT through a parent: finds it, connects to it, and asks it for the destination. The rules
 * judge the destination, and never the parent.
 */
#include "end/end.h"
#include "end/reply.h"
#include "net/dial.h"
#include "net/parent.h"
#include "net/self.h"
#include "remote.h"
#include "base/cold.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>

/* Static, because the record has it to the end. */
COLD char session_parent_url[300];

/* "socks5://192.0.2.1:1080", or "socks5:/run/tor/socks": without user and password. */
static const char *format(const struct parent *p)
{
	struct text t = TEXT_OF(session_parent_url);
	bool brackets = p->host.len && memchr(p->host.at, ':', p->host.len);

	text_str(&t, p->kind == PARENT_HTTP ? "http:" : "socks5:");
	if (p->path.at) {
		text_bytes(&t, p->path.at, p->path.len);
		return session_parent_url;
	}
	text_str(&t, brackets ? "//[" : "//");
	text_bytes(&t, p->host.at, p->host.len);
	text_str(&t, brackets ? "]:" : ":");
	text_uint(&t, p->port);
	return session_parent_url;
}

/* Ends the session. The client's HTTP gets 502 for a parent that is of no use. */
static _Noreturn void useless(struct session *s, enum record_end end, const char *why)
{
	char error[500];
	struct text t = TEXT_OF(error);
	bool late = end == END_TIMEOUT;

	text_strs(&t, "the parent ", s->rec.via, ": ", why, NULL);
	s->http.status = late ? 504 : 502;
	end_refused(s, late ? SOCKS5_REP_TTL_EXPIRED : SOCKS5_REP_GENERAL_FAILURE, end, error);
}

static _Noreturn void failed(struct session *s, int err, const char *why)
{
	if (err == -ECONNABORTED || err == -EINTR || err == -ETIME)
		end_failed(s, err, NULL);
	if (err == -ETIMEDOUT)
		useless(s, END_TIMEOUT, "no answer within connect-timeout");
	useless(s, err == -ECONNRESET ? END_RESET : END_FAILED, why ? why : strerror(-err));
}

/* Returns true if the parent is the proxy that the client has reached. */
static bool is_this_proxy(const struct session *s, const union endpoint *addr)
{
	const union endpoint *reached = &s->client.reached;

	return addr_port(reached) && addr_port(reached) == addr_port(addr) &&
	       (addr_same_host(reached, addr) || self_has(&s->opt->net, addr) > 0);
}

static int dial_host(struct session *s, const struct parent *p, int64_t deadline_ms)
{
	int watch = s->client.stream.out, err;
	struct candidates found = { .net = NULL };
	const char *why = NULL;
	struct dialled d;
	struct dest at;

	addr_from_name((const uint8_t *)p->host.at, p->host.len, p->port, &at);
	err = resolve_dest(&at, s->net->out.family, watch, deadline_ms, &found, &why);
	if (err < 0)
		failed(s, err, why);
	for (size_t i = 0; i < found.n; i++)
		if (is_this_proxy(s, &found.addr[i]))
			useless(s, END_FAILED, "it is this proxy itself");
	err = dial(&found, s->net, watch, deadline_ms, &d);
	s->rec.peer = d.peer;
	if (err < 0)
		failed(s, err, d.step ? d.step : reply_words(err));
	return err;
}

static _Noreturn void refused(struct session *s, const struct parent_answer *answer)
{
	char error[500];
	struct text t = TEXT_OF(error);
	uint8_t rep = answer->rep <= SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED ?
			      answer->rep :
			      SOCKS5_REP_GENERAL_FAILURE;

	text_strs(&t, "the parent ", s->rec.via, " refuses: ", answer->why, NULL);
	if (!answer->why && answer->status) {
		text_str(&t, "status ");
		text_uint(&t, answer->status);
	} else if (!answer->why) {
		text_str(&t, "reply ");
		text_uint(&t, answer->rep);
	}
	end_refused(s, (enum socks5_rep)rep, END_FAILED, error);
}

int session_connect_parent(struct session *s, const struct candidates *c, int64_t deadline_ms,
			   union endpoint *bound)
{
	const struct parent *p = &s->net->out.parent;
	struct dest to = s->dest;
	struct parent_answer answer;
	int fd, err;

	s->rec.via = format(p);
	remote_find_reached(&s->client);
	/* The rules have judged an address, so the parent gets that, and does not look up the name.
	 */
	if (c->n)
		to.addr = c->addr[0];
	fd = p->path.at ? parent_dial_path(&p->path) : dial_host(s, p, deadline_ms);
	if (fd < 0)
		failed(s, fd, reply_words(fd));
	err = parent_ask(fd, p, &to, s->client.stream.out, deadline_ms, &answer);
	if (err == -EREMOTEIO)
		refused(s, &answer);
	if (err < 0)
		failed(s, err, err == -ECONNRESET ? "it closed the connection" : answer.why);
	*bound = answer.bound;
	return fd;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conversation, straight down: the protocol that the client speaks, its request, the command.
 * Reads the messages and no byte more: what the client sends early stays in the kernel for the
 * relay.
 */
#include "session.h"
#include "balancer.h"
#include "end/end.h"
#include "log/title.h"
#include "net/socket.h"
#include "reach/reach.h"
#include "session_limit.h"

#include <errno.h>
#include <string.h>

/* Reads two bytes. The first tells the client's version; every message has two or more. */
static size_t read_head(struct session *s, uint8_t head[2])
{
	size_t n = 0;

	session_fill(s, head, &n, 2);
	return n;
}

/* Goes into TLS if the client begins with it. Reads the head of what stands inside. */
static size_t enter_tls(struct session *s, uint8_t head[2], size_t n)
{
	if (head[0] == TLS_HANDSHAKE) {
		session_tls(s, head, n);
		return read_head(s, head);
	}
	if (s->opt->tls.only)
		end_hangup(s, END_PROTOCOL, "not TLS (see --tls-only)");
	return n;
}

/* Fills the destination, an address or a name, that the rules and the log see. */
static void judge_dest(struct session *s)
{
	const struct socks5_request *r = &s->request;
	int err;

	if (r->atyp == SOCKS5_ATYP_NAME) {
		err = addr_from_name(r->name, r->namelen, r->port, &s->dest);
		if (err == -EINVAL)
			end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL,
				    "the name is empty or has a NUL byte");
		/* In UDP ASSOCIATE this is no destination; some clients put a "0" there. */
		if (err < 0 && r->cmd != SOCKS5_CMD_UDP_ASSOCIATE) {
			/* Only the log sees this name. */
			memcpy(s->dest.name, r->name, r->namelen);
			s->dest.port = r->port;
			s->rec.dest = &s->dest;
			s->http.status = 400;
			end_refused(s, SOCKS5_REP_HOST_UNREACHABLE, END_FAILED,
				    "not looked up, because it is not the name of a host");
		}
	} else {
		s->dest.addr = r->addr;
		s->dest.port = r->port;
	}
	s->rec.dest = &s->dest;
}

/* Arrays and not pointers, because every pointer is relocated at each start of the process. */
static const struct {
	uint8_t cmd;
	char name[15];
} command[] = {
	{ SOCKS5_CMD_CONNECT, "connect" },	   { SOCKS5_CMD_BIND, "bind" },
	{ SOCKS5_CMD_UDP_ASSOCIATE, "udp" },	   { SOCKS5_CMD_RESOLVE, "resolve" },
	{ SOCKS5_CMD_RESOLVE_PTR, "resolve-ptr" },
};

/* The address in UDP ASSOCIATE is no destination. */
static void show_request(const struct session *s)
{
	bool has_dest = s->request.cmd != SOCKS5_CMD_UDP_ASSOCIATE;

	title_show(&s->client, s->user[0] ? s->user : NULL, s->rec.command,
		   has_dest ? &s->dest : NULL);
}

static void run_command(struct session *s)
{
	switch (s->request.cmd) {
	case SOCKS5_CMD_CONNECT:
		cmd_connect(s);
	case SOCKS5_CMD_BIND:
		cmd_bind(s);
	case SOCKS5_CMD_UDP_ASSOCIATE:
		cmd_udp(s);
	case SOCKS5_CMD_RESOLVE:
		cmd_resolve(s);
	case SOCKS5_CMD_RESOLVE_PTR:
		cmd_resolve_ptr(s);
	}
}

static _Noreturn void serve(struct session *s)
{
	for (size_t i = 0; i < sizeof(command) / sizeof(command[0]); i++) {
		if (command[i].cmd != s->request.cmd)
			continue;
		s->rec.command = command[i].name;
		judge_dest(s);
		show_request(s);
		session_limit_user(s);
		run_command(s);
	}
	end_refused_number(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, "unknown command ", s->request.cmd);
}

static void tune_client(const struct session *s)
{
	if (s->client.stream.is_tcp)
		net_tune(s->client.stream.in, &s->opt->net);
	else if (s->client.stream.is_socket)
		net_keep_urgent(s->client.stream.in);
}

_Noreturn void session_run(struct session *s)
{
	uint8_t head[2];
	size_t n;

	s->net = &s->opt->net;
	title_show(&s->client, NULL, NULL, NULL);
	session_limit_open(s);
	reach_phase(s, PHASE_CONVERSATION);
	tune_client(s);
	balancer_header(s);
	session_limit_client(s);
	n = read_head(s, head);
	if (s->opt->tls.files.certificate)
		n = enter_tls(s, head, n);
	if (head[0] == SOCKS4_VERSION && s->opt->socks4) {
		session4_request(s, head, n);
	} else if (s->opt->http && head[0] >= 'A' && head[0] <= 'Z') {
		session_http(s, head, n);
	} else {
		session5_request(s, head, n);
	}
	serve(s);
}

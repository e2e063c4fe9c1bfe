/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conversation, straight down: method, authentication, request, command. Reads the messages and
 * no byte more: what the client sends early stays in the kernel for the relay.
 */
#include "session.h"
#include "auth/auth.h"
#include "balancer.h"
#include "end/end.h"
#include "end/why.h"
#include "log/title.h"
#include "net/socket.h"
#include "base/text.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>

/* The first byte of a client that speaks TLS: the type of its record (RFC 8446, section 5.1). */
enum { TLS_HANDSHAKE = 22 };

/* Reads two bytes. The first tells the client's version; every message has two or more. */
static size_t read_head(struct session *s, uint8_t head[2])
{
	size_t n = 0;

	session_fill(s, head, &n, 2);
	return n;
}

/* The first byte of other protocols, and what to do about each. Arrays need no relocation. */
static const struct {
	uint8_t low, high;
	char words[64];
} foreign[] = {
	{ SOCKS4_VERSION, SOCKS4_VERSION, "SOCKS 4 (see --socks4)" },
	{ '\r', '\r', "a PROXY header (see --proxy-protocol)" },
	{ TLS_HANDSHAKE, TLS_HANDSHAKE, "TLS (see --tls-certificate)" },
	{ 'A', 'Z', "an HTTP request (see --http)" },
};

static _Noreturn void hang_up_on(struct session *s, const uint8_t *head, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	char error[] = "not SOCKS version 5: the first byte is 0x..";

	if (n >= 2 && memcmp(head, "PR", 2) == 0)
		end_hangup(s, END_PROTOCOL,
			   "a PROXY header (see --proxy-protocol), or an HTTP request");
	if (s->rec.tls && head[0] == TLS_HANDSHAKE)
		end_hangup(s, END_PROTOCOL, "TLS inside TLS");
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (foreign[i].low <= head[0] && head[0] <= foreign[i].high)
			end_hangup(s, END_PROTOCOL, foreign[i].words);
	error[sizeof(error) - 3] = hex[head[0] >> 4];
	error[sizeof(error) - 2] = hex[head[0] & 15];
	end_hangup(s, END_PROTOCOL, error);
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

/* Reads the greeting, which begins with head. Hangs up on any other protocol. */
static void read_methods(struct session *s, const uint8_t *head, size_t n,
			 struct socks5_methods *ret)
{
	uint8_t buf[SOCKS5_METHODS_MAX];
	int need;

	memcpy(buf, head, n);
	while ((need = socks5_methods_decode(buf, n, ret)) > 0)
		session_fill(s, buf, &n, need);
	if (need < 0)
		hang_up_on(s, buf, n);
	s->version = SOCKS5_VERSION;
}

static _Noreturn void refuse_number(struct session *s, enum socks5_rep rep, const char *what,
				    uint8_t number)
{
	char error[48];
	struct text t = TEXT_OF(error);

	text_str(&t, what);
	text_uint(&t, number);
	end_refused(s, rep, END_PROTOCOL, error);
}

static void read_request(struct session *s)
{
	uint8_t buf[SOCKS5_REQUEST_MAX];
	size_t n = 0;
	int need;

	while ((need = socks5_request_decode(buf, n, &s->request)) > 0)
		session_fill(s, buf, &n, need);
	if (need == -EAFNOSUPPORT)
		refuse_number(s, SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED, "unknown address type ",
			      buf[3]);
	if (need < 0)
		end_hangup(s, END_PROTOCOL, "the request is not of SOCKS version 5");
}

static _Noreturn void hang_up_without_method(struct session *s,
					     const struct socks5_methods *offered)
{
	char error[WHY_MAX];
	struct text t = TEXT_OF(error);
	enum record_end end = auth_why(s, offered, &t);

	end_hangup(s, end, error);
}

static void choose_method(struct session *s, const uint8_t *head, size_t n);

/* TLS begins behind the greeting, inside the frames of draft-ietf-aft-socks-ssl-00. */
static void begin_tls(struct session *s, const uint8_t *head)
{
	struct layer *frames = auth_tls_begin(s);

	session_tls(s, head, 0);
	if (auth_tls_agree(s, frames))
		choose_method(s, head, 0);
	else
		auth_run(s, SOCKS5_METHOD_NONE);
	auth_tls_over(frames);
}

static void choose_method(struct session *s, const uint8_t *head, size_t n)
{
	struct socks5_methods offered;
	uint8_t method, buf[2];
	int err;

	read_methods(s, head, n, &offered);
	method = auth_choose(s, &offered);
	err = stream_write(&s->client.stream, buf, socks5_method_encode(buf, method),
			   s->deadline_ms);
	if (err < 0)
		end_stream(s, err);
	if (method == SOCKS5_METHOD_UNACCEPTABLE)
		hang_up_without_method(s, &offered);
	if (method == SOCKS5_METHOD_SSL || method == SOCKS5_METHOD_SSL_DRAFT)
		begin_tls(s, head);
	else
		auth_run(s, method);
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

static const struct {
	uint8_t cmd;
	const char *name;
	void (*run)(struct session *s);
} command[] = {
	{ SOCKS5_CMD_CONNECT, "connect", cmd_connect },
	{ SOCKS5_CMD_BIND, "bind", cmd_bind },
	{ SOCKS5_CMD_UDP_ASSOCIATE, "udp", cmd_udp },
	{ SOCKS5_CMD_RESOLVE, "resolve", cmd_resolve },
	{ SOCKS5_CMD_RESOLVE_PTR, "resolve-ptr", cmd_resolve_ptr },
};

/* The address in UDP ASSOCIATE is no destination. */
static void show_request(const struct session *s)
{
	bool has_dest = s->request.cmd != SOCKS5_CMD_UDP_ASSOCIATE;

	title_show(&s->client, s->user[0] ? s->user : NULL, s->rec.command,
		   has_dest ? &s->dest : NULL);
}

static _Noreturn void run_command(struct session *s)
{
	for (size_t i = 0; i < sizeof(command) / sizeof(command[0]); i++) {
		if (command[i].cmd != s->request.cmd)
			continue;
		s->rec.command = command[i].name;
		judge_dest(s);
		show_request(s);
		command[i].run(s);
	}
	refuse_number(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, "unknown command ", s->request.cmd);
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

	title_show(&s->client, NULL, NULL, NULL);
	session_confine(s, PHASE_CONVERSATION);
	tune_client(s);
	balancer_header(s);
	n = read_head(s, head);
	if (s->opt->tls.certificate)
		n = enter_tls(s, head, n);
	if (head[0] == SOCKS4_VERSION && s->opt->socks4) {
		session4_request(s, head, n);
	} else if (s->opt->http && head[0] >= 'A' && head[0] <= 'Z') {
		session_http(s, head, n);
	} else {
		choose_method(s, head, n);
		read_request(s);
	}
	run_command(s);
}

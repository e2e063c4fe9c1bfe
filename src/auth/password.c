/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The negotiation of RFC 1929. The password never leaves this file except for users/verify.h, and
 * is wiped before anything is answered or logged.
 */
#include "auth/auth.h"
#include "base/blocking.h"
#include "base/cold.h"
#include "base/text.h"
#include "end.h"
#include "log/title.h"
#include "users/verify.h"
#include "wire/userpass.h"

#include <errno.h>
#include <string.h>

/* The input and the result of the thread that verifies the password. */
struct check {
	int fd;
	struct userpass_request req;
	int matches; /* what verify_password() returned */
	struct verify_result result;
};

static void verify(void *arg)
{
	struct check *c = arg;

	c->matches = verify_password(c->fd, c->req.uname, c->req.ulen, c->req.passwd, c->req.plen,
				     &c->result);
}

/* Reads the client's message. Ends the session if it is incomplete or malformed. */
static void read_request(struct session *s, struct userpass_request *req)
{
	uint8_t buf[USERPASS_REQUEST_MAX];
	size_t n = 0;
	int need;

	while ((need = userpass_request_decode(buf, n, req)) > 0)
		session_fill(s, buf, &n, need);
	explicit_bzero(buf, sizeof(buf));
	if (need < 0)
		end_hangup(s, END_PROTOCOL, "malformed password message (RFC 1929)");
}

static void log_bad_line(const struct session *s, const struct verify_result *v)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_escaped(&t, s->opt->users, strlen(s->opt->users));
	text_char(&t, ':');
	text_uint(&t, v->line);
	text_strs(&t, ": ", htpasswd_explain(v->fault), "; ", htpasswd_remedy(v->fault), NULL);
	log_line(s->log, LOG_ERR, buf);
}

static void log_failure(const struct session *s, const struct check *c)
{
	const char *library = c->result.library;

	log_strs(s->log, LOG_ERR, "users: ", s->opt->users,
		 ": can't check a password: ", library ? library : "", library ? ": " : "",
		 strerror(-c->matches), NULL);
}

/* Logs the line that fail2ban reads. */
static void log_wrong(const struct session *s)
{
	char line[LOG_LINE_MAX], client[ADDR_TEXT_MAX];
	struct text t = TEXT_OF(line);
	const char *who = s->client.kind == CLIENT_LOCAL ? "local" : "unknown";

	if (addr_format(&s->client.addr, client))
		who = client;
	text_strs(&t, "wrong password: client=", who, " user=\"", NULL);
	text_escaped(&t, s->user, strlen(s->user));
	text_char(&t, '"');
	log_line(s->log, LOG_NOTICE, line);
}

static _Noreturn void reject(struct session *s, const char *error)
{
	uint8_t buf[2];
	size_t n = userpass_reply_encode(buf, 1);

	stream_write_last(&s->client.stream, buf, n);
	end_hangup(s, END_AUTH, error);
}

/* Static, because the thread may outlive a wait that fails. */
COLD struct check auth_password_check;

void auth_password(struct session *s)
{
	struct check *c = &auth_password_check;
	uint8_t ok[2];
	int err;

	read_request(s, &c->req);
	memcpy(s->user, c->req.uname, sizeof(s->user));
	s->rec.user = s->user;
	c->fd = s->opt->users_fd;
	err = blocking_call(verify, c, s->client.stream.out, s->deadline_ms);
	if (err < 0)
		end_at_once(s, err);
	explicit_bzero(&c->req, sizeof(c->req));
	if (c->matches < 0) {
		log_failure(s, c);
		reject(s, "the password can't be checked");
	}
	/* It is not the client's fault, so fail2ban must not count it. */
	if (c->result.why == VERIFY_BAD_LINE) {
		log_bad_line(s, &c->result);
		reject(s, "the line of this user in the users file can't be used");
	}
	if (!c->matches) {
		log_wrong(s);
		reject(s, "wrong password");
	}
	title_show(&s->client, s->user, NULL, NULL);
	err = stream_write(&s->client.stream, ok, userpass_reply_encode(ok, 0), s->deadline_ms);
	if (err < 0)
		end_stream(s, err);
}

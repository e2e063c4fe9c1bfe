/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict on a user name and a password, whichever protocol they came by. Answers nothing. The
 * password never leaves this file except for users/verify.h or users/saslauthd.h, and is wiped
 * before anything is logged.
 */
#include "auth/verdict.h"
#include "auth/auth.h"
#include "base/blocking.h"
#include "base/cold.h"
#include "end/end.h"
#include "log/title.h"
#include "users/saslauthd.h"

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

/* Static, because the thread may outlive a wait that fails. */
COLD struct check auth_password_check;

const char *auth_judge(const struct session *s, int matches, const struct verify_result *v)
{
	if (matches < 0) {
		auth_log_failure(s, matches, v->library);
		return "the password can't be checked";
	}
	/* It is not the client's fault, so fail2ban must not count it. */
	if (v->why == VERIFY_BAD_LINE) {
		auth_log_bad_line(s, v->line, v->fault);
		return "the line of this user in the users file can't be used";
	}
	if (!matches) {
		auth_log_wrong(s);
		return "wrong password";
	}
	return NULL;
}

static const char *ask_file(struct session *s, struct userpass_request *login)
{
	struct check *c = &auth_password_check;
	int err;

	c->req = *login;
	explicit_bzero(login, sizeof(*login));
	c->fd = s->opt->users_fd;
	err = blocking_call(verify, c, s->client.stream.out, s->deadline_ms);
	if (err < 0)
		end_at_once(s, err);
	explicit_bzero(&c->req, sizeof(c->req));
	return auth_judge(s, c->matches, &c->result);
}

/* Static, because the session's line has these words. */
COLD char auth_saslauthd_words[160];

static const char *ask_daemon(struct session *s, struct userpass_request *login,
			      enum record_end *end)
{
	struct text t = TEXT_OF(auth_saslauthd_words);
	int r = saslauthd_ask(s->opt->saslauthd, login, s->client.stream.out, s->deadline_ms);

	explicit_bzero(login, sizeof(*login));
	if (r == 1)
		return NULL;
	if (r == 0) {
		auth_log_wrong(s);
		return "wrong password";
	}
	if (r == -ECONNABORTED || r == -EINTR || r == -ETIME)
		end_stream(s, r);
	*end = END_FAILED;
	auth_log_saslauthd(s, r, &t);
	return auth_saslauthd_words;
}

const char *auth_check_password(struct session *s, struct userpass_request *login,
				enum record_end *end)
{
	const char *error;

	auth_forget_certificate(s);
	memcpy(s->user, login->uname, sizeof(s->user));
	s->rec.user = s->user;
	*end = END_AUTH;
	error = s->opt->saslauthd ? ask_daemon(s, login, end) : ask_file(s, login);
	if (!error)
		title_show(&s->client, s->user, NULL, NULL);
	return error;
}

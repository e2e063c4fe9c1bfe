/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The login of HTTP: a request may have the password of Basic, or gets 407 and may be followed by
 * another one. Reads nothing: session_http.c reads the requests.
 */
#include "auth/auth.h"
#include "auth/verdict.h"
#include "base/cold.h"
#include "end/end.h"
#include "end/why.h"
#include "wire/http.h"

#include <errno.h>
#include <string.h>

/* How often one connection is asked for a password: with credentials, and without. */
enum { TRIES_MAX = 3 };

COLD char auth_http_why[WHY_MAX]; /* static, because the session's line has these words */

/* Answers with 407. Returns if the client may try again on this connection. */
static void ask_for_password(struct session *s, const struct http_login *got, const char *error)
{
	unsigned tries = ++s->http.tries[got->missing == -ENOENT];
	bool stays = tries < TRIES_MAX && got->may_stay;
	uint8_t buf[HTTP_ANSWER_MAX];
	size_t n = http_answer_encode(buf, 407, stays, s->http.is_head);
	int err;

	if (!stays) {
		stream_write_last(&s->client.stream, buf, n);
		end_hangup(s, END_AUTH, error);
	}
	s->http.asked = error;
	err = stream_write(&s->client.stream, buf, n, s->deadline_ms);
	if (err < 0)
		end_stream(s, err);
}

/* Returns NULL if the password is right, or why it is not. */
static const char *check_login(struct session *s, struct http_login *got)
{
	enum record_end end;
	const char *error;

	if (got->missing)
		return "the credentials are not those of Basic (RFC 7617)";
	error = auth_check_password(s, &got->basic, &end);
	if (error && end == END_FAILED) {
		s->http.status = 503;
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, end, error);
	}
	return error;
}

/* Returns why a client that offers these methods gets none. Ends the session if no password helps.
 */
static const char *unaccepted(struct session *s, const struct socks5_methods *offered)
{
	struct text t = TEXT_OF(auth_http_why);
	enum record_end end = auth_why(s, offered, &t);

	if (!auth_accepts(s, SOCKS5_METHOD_PASSWORD) || !auth_is_useful(s, SOCKS5_METHOD_PASSWORD))
		end_refused(s, SOCKS5_REP_NOT_ALLOWED, end, auth_http_why);
	return auth_http_why;
}

bool auth_http(struct session *s, struct http_login *got)
{
	const struct socks5_methods offered = {
		.n = got->missing == -ENOENT ? 1 : 2,
		.method = { SOCKS5_METHOD_NONE, SOCKS5_METHOD_PASSWORD },
	};
	uint8_t method = auth_choose(s, &offered);
	const char *error = NULL;

	/* Nobody is logged in by an earlier request, but perhaps by a certificate. */
	if (!s->certified) {
		s->user[0] = '\0';
		s->rec.user = NULL;
	}
	if (method == SOCKS5_METHOD_PASSWORD)
		error = check_login(s, got);
	explicit_bzero(&got->basic, sizeof(got->basic));
	if (method == SOCKS5_METHOD_UNACCEPTABLE)
		error = unaccepted(s, &offered);
	if (error)
		ask_for_password(s, got, error);
	return !error;
}

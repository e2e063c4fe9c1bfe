/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP/1 (--http): heads of requests, until one may go on, then the same commands. Reads no byte
 * past a head. The answers to a request that fails are end/end.c's, except for 407, after which the
 * client may try again.
 */
#include "session.h"
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

COLD uint8_t session_http_head[HTTP_HEAD_MAX];
COLD uint8_t session_http_forward[HTTP_FORWARD_MAX];
COLD char session_http_why[WHY_MAX]; /* static, because the session's line has these words */

/* A request, and what it needs of its head, which has been wiped. */
struct received {
	struct http_request request;
	struct userpass_request login;
	int no_login; /* what http_credentials_decode() returned */
};

/*
 * Ends the session, because the client's stream ended (err is 0) or failed. A client that was asked
 * for a password and leaves is one that could not log in.
 */
static _Noreturn void end_without_request(struct session *s, int err, size_t n)
{
	explicit_bzero(session_http_head, n);
	if (s->http.asked && (err == 0 || err == -ECONNRESET))
		end_hangup(s, END_AUTH, s->http.asked);
	end_stream(s, err);
}

/* Reads up to need bytes of the head, and adds their number to *n. */
static void take(struct session *s, size_t *n, size_t need)
{
	ssize_t got = stream_read(&s->client.stream, session_http_head + *n, need, s->deadline_ms);

	if (got <= 0)
		end_without_request(s, (int)got, *n);
	*n += (size_t)got;
}

/* Returns how many bytes of CRLF CRLF are missing behind n bytes. */
static size_t missing(const uint8_t *p, size_t n)
{
	size_t matched = n < 3 ? n : 3;

	while (matched && memcmp(p + n - matched, "\r\n\r\n", matched) != 0)
		matched--;
	return 4 - matched;
}

/*
 * Reads a few bytes at a time, because bytes behind the head can't be put back. Goes on to the end
 * of a line, so that the decoder does not look at each byte again and again.
 */
static void take_line(struct session *s, size_t *n)
{
	do
		take(s, n, missing(session_http_head, *n));
	while (session_http_head[*n - 1] != '\n' && *n + 4 <= HTTP_HEAD_MAX);
}

/* Reads more of the head. If the socket can show what it has, takes as much as belongs to it. */
static void take_more(struct session *s, size_t *n)
{
	uint8_t *head = session_http_head;
	struct http_request r;
	ssize_t seen =
		stream_peek(&s->client.stream, head + *n, HTTP_HEAD_MAX - *n, s->deadline_ms);
	size_t end, all;

	if (seen == -EOPNOTSUPP) {
		take_line(s, n);
		return;
	}
	if (seen <= 0)
		end_without_request(s, (int)seen, *n);
	end = all = *n + (size_t)seen;
	if (http_request_decode(head, all, &r) == 0)
		end = r.len;
	explicit_bzero(head + end, all - end);
	take(s, n, end - *n);
}

/* Ends the session, because the head was not decoded; err is what http_request_decode() returned.
 */
static _Noreturn void refuse_head(struct session *s, int err, size_t n)
{
	const char *why = http_fault(session_http_head, n);
	bool balancer = n >= 6 && memcmp(session_http_head, "PROXY ", 6) == 0;

	explicit_bzero(session_http_head, n);
	if (balancer) {
		s->rec.protocol = NULL;
		end_hangup(s, END_PROTOCOL, "a PROXY header (see --proxy-protocol)");
	}
	s->http.status = err == -EMSGSIZE ? 431 : 400;
	if (err == -EMSGSIZE)
		why = "the head of the HTTP request is longer than 16384 bytes";
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL, why);
}

/* Both forms are the command CONNECT of SOCKS. */
static void translate(struct session *s, const struct http_request *r)
{
	struct socks5_request *to = &s->request;

	to->cmd = SOCKS5_CMD_CONNECT;
	to->atyp = SOCKS5_ATYP_NAME;
	to->port = r->port;
	to->namelen = (uint8_t)r->host.len;
	memcpy(to->name, session_http_head + r->host.at, to->namelen);
	/* An earlier request, which got 407, may have had cookies. */
	explicit_bzero(session_http_forward, s->http.forward_len);
	s->http.forward = NULL;
	if (r->form != HTTP_ABSOLUTE)
		return;
	s->http.forward = session_http_forward;
	s->http.forward_len = http_forward_encode(session_http_forward, session_http_head, r);
}

/* Reads the head, whose first n bytes are there, and wipes it. Ends the session if it is refused.
 */
static void read_request(struct session *s, size_t n, struct received *ret)
{
	struct http_request *r = &ret->request;
	bool too_long;
	int err;

	while ((err = http_request_decode(session_http_head, n, r)) > 0)
		take_more(s, &n);
	s->http.is_head = n >= 5 && memcmp(session_http_head, "HEAD ", 5) == 0;
	if (err < 0)
		refuse_head(s, err, n);
	too_long = r->host.len > 255;
	if (r->form != HTTP_OTHER && !too_long)
		translate(s, r);
	ret->no_login = http_credentials_decode(session_http_head, r, &ret->login);
	explicit_bzero(session_http_head, n);
	if (r->form != HTTP_OTHER && !too_long)
		return;
	explicit_bzero(&ret->login, sizeof(ret->login));
	if (too_long)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL,
			    "the name of the host has more than 255 bytes");
	end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL,
		    "an HTTP request that is neither CONNECT nor for an http:// URL");
}

/* Answers with 407. Returns if the client may try again on this connection. */
static void ask_for_password(struct session *s, const struct received *got, const char *error)
{
	const struct http_request *r = &got->request;
	unsigned tries = ++s->http.tries[got->no_login == -ENOENT];
	bool stays = tries < TRIES_MAX && r->persists && !r->has_body;
	uint8_t buf[HTTP_ANSWER_MAX];
	size_t n = http_answer_encode(buf, 407, stays, r->is_head);
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
static const char *check_login(struct session *s, struct received *got)
{
	enum record_end end;
	const char *error;

	if (got->no_login)
		return "the credentials are not those of Basic (RFC 7617)";
	error = auth_check_password(s, &got->login, &end);
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
	struct text t = TEXT_OF(session_http_why);
	enum record_end end = auth_why(s, offered, &t);

	if (!auth_accepts(s, SOCKS5_METHOD_PASSWORD) || !auth_is_useful(s, SOCKS5_METHOD_PASSWORD))
		end_refused(s, SOCKS5_REP_NOT_ALLOWED, end, session_http_why);
	return session_http_why;
}

/*
 * A request with credentials is like a SOCKS client that offers none and password; one without is
 * like a client that offers none. Returns true if the client may go on.
 */
static bool log_in(struct session *s, struct received *got)
{
	const struct socks5_methods offered = {
		.n = got->no_login == -ENOENT ? 1 : 2,
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
	explicit_bzero(&got->login, sizeof(got->login));
	if (method == SOCKS5_METHOD_UNACCEPTABLE)
		error = unaccepted(s, &offered);
	if (error)
		ask_for_password(s, got, error);
	return !error;
}

void session_http(struct session *s, const uint8_t *first, size_t n)
{
	struct received got;

	s->version = SESSION_HTTP;
	s->rec.protocol = "http";
	memcpy(session_http_head, first, n);
	read_request(s, n, &got);
	while (!log_in(s, &got))
		read_request(s, 0, &got);
	auth_over(s);
}

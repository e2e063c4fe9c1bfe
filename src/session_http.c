/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP/1 (--http): heads of requests, until one may go on, then the same commands. Reads no byte
 * past a head. Answers nothing but OPTIONS that must not be passed on: auth/http.c answers with
 * 407, after which the client may try again, and end/end.c to a request that fails.
 */
#include "session.h"
#include "auth/auth.h"
#include "base/cold.h"
#include "end/end.h"
#include "wire/http.h"

#include <errno.h>
#include <string.h>

COLD uint8_t session_http_head[HTTP_HEAD_MAX];
COLD uint8_t session_http_forward[HTTP_FORWARD_MAX];

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
	if (r->form != HTTP_ABSOLUTE || s->http.is_last)
		return;
	s->http.forward = session_http_forward;
	s->http.forward_len = http_forward_encode(session_http_forward, session_http_head, r);
}

/* Reads the head, whose first n bytes are there, and wipes it. Ends the session if it is refused.
 */
static void read_request(struct session *s, size_t n, struct http_login *ret)
{
	struct http_request head, *r = &head;
	bool too_long;
	int err;

	while ((err = http_request_decode(session_http_head, n, r)) > 0)
		take_more(s, &n);
	s->http.is_head = http_is_head(session_http_head, n);
	if (err < 0)
		refuse_head(s, err, n);
	s->http.is_last = r->has_hops && !r->hops;
	s->http.is_options = s->http.is_last && memcmp(session_http_head, "OPTIONS", 7) == 0;
	too_long = r->host.len > 255;
	if (r->form != HTTP_OTHER && !too_long)
		translate(s, r);
	ret->missing = http_credentials_decode(session_http_head, r, &ret->basic);
	ret->may_stay = r->persists && !r->has_body;
	explicit_bzero(session_http_head, n);
	if (r->form != HTTP_OTHER && !too_long)
		return;
	explicit_bzero(&ret->basic, sizeof(ret->basic));
	if (too_long)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL,
			    "the name of the host has more than 255 bytes");
	end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL,
		    "an HTTP request that is neither CONNECT nor for an http:// URL");
}

/* Ends the session by the answer of the last in the chain of proxies (RFC 9110 section 7.6.2). */
static _Noreturn void answer_as_last(struct session *s)
{
	uint8_t buf[HTTP_ANSWER_MAX];

	if (!s->http.is_options)
		end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL,
			    "TRACE with Max-Forwards 0 is meant for this proxy, which does not "
			    "answer it");
	s->rec.command = "options";
	s->rec.reply = SOCKS5_REP_SUCCEEDED;
	stream_write_last(&s->client.stream, buf, http_answer_encode(buf, 200, false, false));
	end_hangup(s, END_EOF, NULL);
}

void session_http(struct session *s, const uint8_t *first, size_t n)
{
	struct http_login got;

	s->version = SESSION_HTTP;
	s->rec.protocol = "http";
	memcpy(session_http_head, first, n);
	read_request(s, n, &got);
	while (!auth_http(s, &got))
		read_request(s, 0, &got);
	auth_over(s);
	if (s->http.is_last)
		answer_as_last(s);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the client's messages, and answers a request with success. end.c answers with failures. */
#include "end/end.h"
#include "base/wait.h"
#include "end/reply.h"
#include "wire/http.h"

#include <string.h>

void session_fill(struct session *s, uint8_t *buf, size_t *n, int need)
{
	ssize_t got = stream_read(&s->client.stream, buf + *n, (size_t)need, s->deadline_ms);

	if (got <= 0) {
		explicit_bzero(buf, *n);
		end_stream(s, (int)got);
	}
	*n += (size_t)got;
}

static void answer(struct session *s, const uint8_t *buf, size_t n, uint8_t reply)
{
	int err;

	s->rec.reply = reply;
	err = stream_write(&s->client.stream, buf, n, wait_deadline(s->opt->handshake_timeout_ms));
	if (err < 0)
		end_stream(s, err);
}

/* Apart from session_granted(), because its buffer is large. */
static __attribute__((noinline)) void grant_by_http(struct session *s)
{
	uint8_t buf[HTTP_ANSWER_MAX];

	answer(s, buf, http_established_encode(buf), SOCKS5_REP_SUCCEEDED);
}

void session_granted(struct session *s, const union endpoint *bound)
{
	uint8_t buf[REPLY_MAX];
	size_t n;

	if (s->version == SESSION_HTTP) {
		grant_by_http(s);
		return;
	}
	n = reply_encode(buf, s->version, SOCKS5_REP_SUCCEEDED, s->flag, bound);
	answer(s, buf, n, buf[1]);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The negotiation of RFC 1929: the messages alone. auth/verdict.c checks the password. */
#include "auth/auth.h"
#include "auth/verdict.h"
#include "end/end.h"
#include "wire/userpass.h"

#include <string.h>

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

static _Noreturn void reject(struct session *s, enum record_end end, const char *error)
{
	uint8_t buf[2];
	size_t n = userpass_reply_encode(buf, 1);

	stream_write_last(&s->client.stream, buf, n);
	end_hangup(s, end, error);
}

void auth_password(struct session *s)
{
	struct userpass_request req;
	enum record_end end;
	const char *error;
	uint8_t ok[2];
	int err;

	read_request(s, &req);
	error = auth_check_password(s, &req, &end);
	if (error)
		reject(s, end, error);
	err = stream_write(&s->client.stream, ok, userpass_reply_encode(ok, 0), s->deadline_ms);
	if (err < 0)
		end_stream(s, err);
}

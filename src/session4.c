/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SOCKS 4: one message, then the same commands. Any client can claim any user id, so the log shows
 * it and the rules never see it.
 */
#include "session.h"
#include "auth/auth.h"
#include "base/cold.h"
#include "end/end.h"
#include "end/why.h"

#include <string.h>

static void read_request(struct session *s, const uint8_t *head, size_t n,
			 struct socks4_request *ret)
{
	uint8_t buf[SOCKS4_REQUEST_MAX];
	int need;

	memcpy(buf, head, n);
	while ((need = socks4_request_decode(buf, n, ret)) > 0)
		session_fill(s, buf, &n, need);
	if (need < 0)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL,
			    "the user id or the name has more than 255 bytes");
}

/* CONNECT, BIND and RESOLVE have the same numbers in both versions. */
static void translate(const struct socks4_request *from, struct socks5_request *to)
{
	to->cmd = from->cmd;
	to->port = from->port;
	to->addr = from->addr;
	to->atyp = SOCKS5_ATYP_IPV4;
	if (from->addr.sa.sa_family != AF_UNSPEC)
		return;
	to->atyp = SOCKS5_ATYP_NAME;
	to->namelen = from->namelen;
	memcpy(to->name, from->name, from->namelen);
}

/* Static, because the record points to the user id. */
COLD struct socks4_request session4_received;

void session4_request(struct session *s, const uint8_t *head, size_t n)
{
	struct socks4_request *req = &session4_received;
	char error[WHY_MAX];
	struct text t = TEXT_OF(error);

	s->version = SOCKS4_VERSION;
	s->rec.protocol = "socks4";
	read_request(s, head, n, req);
	if (req->addr.sa.sa_family == AF_UNSPEC)
		s->rec.protocol = "socks4a";
	if (req->user[0] && !s->certified)
		s->rec.user = req->user;
	if (!auth_is_open(s))
		end_refused(s, SOCKS5_REP_NOT_ALLOWED, auth_why(s, NULL, &t), error);
	auth_over(s);
	if (req->cmd != SOCKS4_CMD_CONNECT && req->cmd != SOCKS4_CMD_BIND &&
	    req->cmd != SOCKS4_CMD_RESOLVE) {
		text_str(&t, "unknown command ");
		text_uint(&t, req->cmd);
		end_refused(s, SOCKS5_REP_COMMAND_NOT_SUPPORTED, END_PROTOCOL, error);
	}
	translate(req, &s->request);
}

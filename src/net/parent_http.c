/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a parent by CONNECT of HTTP/1 (RFC 9110 section 9.3.6). Reads nothing behind the head. */
#include "net/parent_talk.h"
#include "wire/http_client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum {
	CONTINUE = 100,
	SWITCHING_PROTOCOLS = 101,
	LAST_INTERIM = 199,
	LAST_SUCCESS = 299,
	UNAUTHORIZED = 401,
	FORBIDDEN = 403,
	PROXY_AUTHENTICATION_REQUIRED = 407,
	BAD_GATEWAY = 502,
	GATEWAY_TIMEOUT = 504,
};

/* Reads the head of a response into buf, and not a byte behind it. */
static int hear_head(const struct parent_talk *t, uint8_t *buf, struct http_response *ret)
{
	size_t n = 0;
	int need;

	while ((need = http_response_decode(buf, n, ret)) > 0) {
		ssize_t seen = parent_hear(t, buf + n, HTTP_RESPONSE_MAX - n, MSG_PEEK);
		size_t take;

		if (seen < 0)
			return (int)seen;
		take = (size_t)seen;
		if (http_response_decode(buf, n + take, ret) == 0)
			take = ret->len - n;
		seen = parent_hear(t, buf + n, take, 0);
		if (seen < 0)
			return (int)seen;
		n += (size_t)seen;
	}
	if (need == -EMSGSIZE)
		return parent_malformed(t, "the head of its response is longer than 16 KiB");
	return need < 0 ? parent_malformed(t, "it does not speak HTTP/1") : 0;
}

/*
 * Is it an interim response (RFC 9110 section 15.2), which comes before the answer? 101 is none: it
 * changes the protocol, and it was not asked for.
 */
static bool is_interim(unsigned status)
{
	return status >= CONTINUE && status <= LAST_INTERIM && status != SWITCHING_PROTOCOLS;
}

static int refuse(const struct parent_talk *t, unsigned status, bool has_login)
{
	t->ret->has_code = true;
	t->ret->code = (uint16_t)status;
	switch (status) {
	case FORBIDDEN:
		return parent_refused(t, SOCKS5_REP_NOT_ALLOWED,
				      "its rules do not allow the destination");
	case PROXY_AUTHENTICATION_REQUIRED:
	case UNAUTHORIZED: /* Tinyproxy's answer to a wrong password */
		return parent_refused(t, SOCKS5_REP_GENERAL_FAILURE,
				      has_login ? "it refuses the user or password" :
						  "it requires a login");
	case BAD_GATEWAY:
		return parent_refused(t, SOCKS5_REP_HOST_UNREACHABLE,
				      "the host was not found or is unreachable");
	case GATEWAY_TIMEOUT:
		return parent_refused(t, SOCKS5_REP_HOST_UNREACHABLE,
				      "the destination did not answer in time");
	default:
		return parent_refused(t, SOCKS5_REP_GENERAL_FAILURE, "it failed");
	}
}

int parent_ask_http(const struct parent_talk *t, const struct dest *dest,
		    const struct userpass_request *login)
{
	uint8_t request[HTTP_CONNECT_MAX], head[HTTP_RESPONSE_MAX];
	struct http_response r;
	size_t n = http_connect_encode(request, dest, login);
	int err = parent_tell(t, request, n);

	explicit_bzero(request, n);
	do {
		if (!err)
			err = hear_head(t, head, &r);
		if (err < 0)
			return err;
	} while (is_interim(r.status));
	if (r.status > LAST_INTERIM && r.status <= LAST_SUCCESS)
		return 0;
	return refuse(t, r.status, login != NULL);
}

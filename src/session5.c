/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SOCKS 5 (RFC 1928): the greeting, the method of authentication, the request. Hangs up on any
 * other protocol. Does nothing about the request.
 */
#include "session.h"
#include "auth/auth.h"
#include "end/end.h"
#include "end/why.h"

#include <errno.h>
#include <string.h>

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

static void read_request(struct session *s)
{
	uint8_t buf[SOCKS5_REQUEST_MAX];
	size_t n = 0;
	int need;

	while ((need = socks5_request_decode(buf, n, &s->request)) > 0)
		session_fill(s, buf, &n, need);
	if (need == -EAFNOSUPPORT)
		end_refused_number(s, SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED,
				   "unknown address type ", buf[3]);
	if (need < 0)
		end_hangup(s, END_PROTOCOL, "the request is not of SOCKS version 5");
}

void session5_request(struct session *s, const uint8_t *head, size_t n)
{
	choose_method(s, head, n);
	read_request(s);
}

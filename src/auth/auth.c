/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the method of authentication, and calls the file that negotiates it. */
#include "auth/auth.h"
#include "end.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

bool auth_is_useful(const struct session *s, uint8_t method)
{
	return rules_may_client(s->rules, s->client.kind, &s->client.addr,
				s->certified || method != SOCKS5_METHOD_NONE);
}

bool auth_is_open(const struct session *s)
{
	return (s->certified || options_accept(s->opt, SOCKS5_METHOD_NONE)) &&
	       auth_is_useful(s, SOCKS5_METHOD_NONE);
}

/* Returns what the client must offer to use the method of --auth. */
static uint8_t on_the_wire(const struct session *s, uint8_t method)
{
	if (method != METHOD_CERTIFICATE)
		return method;
	return s->certified ? SOCKS5_METHOD_NONE : SOCKS5_METHOD_UNACCEPTABLE;
}

uint8_t auth_choose(const struct session *s, const struct socks5_methods *offered)
{
	for (uint8_t i = 0; i < s->opt->n_methods; i++) {
		uint8_t method = on_the_wire(s, s->opt->methods[i]);

		/* A client may offer even this number. */
		if (method == SOCKS5_METHOD_UNACCEPTABLE)
			continue;
		if (memchr(offered->method, method, offered->n) && auth_is_useful(s, method))
			return method;
	}
	return SOCKS5_METHOD_UNACCEPTABLE;
}

void auth_over(const struct session *s)
{
	/* The file is not read again, and the relay must not have access to the hashes. */
	if (s->opt->users_fd >= 0)
		close(s->opt->users_fd);
}

void auth_run(struct session *s, uint8_t method)
{
	if (method != SOCKS5_METHOD_NONE)
		auth_forget_certificate(s);
	switch (method) {
	case SOCKS5_METHOD_NONE:
		break;
	case SOCKS5_METHOD_PASSWORD:
		auth_password(s);
		break;
	case SOCKS5_METHOD_CHAP:
		auth_chap(s);
		break;
	case SOCKS5_METHOD_GSSAPI:
		auth_gssapi(s);
		break;
	default:
		end_hangup(s, END_FAILED, "this method of authentication has no code");
	}
	auth_over(s);
}

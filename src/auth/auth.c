/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the method of authentication, and calls the file that negotiates it. */
#include "auth/auth.h"
#include "end/end.h"
#include "layer/libssl.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Returns true if the client may use the i-th method of --auth where it is. */
static bool is_available(const struct session *s, uint8_t i)
{
	const uint8_t *methods = s->opt->methods;
	const uint8_t *tls = memchr(methods, SOCKS5_METHOD_SSL, s->opt->n_methods);

	if (!tls || methods + i < tls)
		return true;
	return methods + i == tls ? !s->rec.tls : s->rec.tls != NULL;
}

bool auth_accepts(const struct session *s, uint8_t method)
{
	for (uint8_t i = 0; i < s->opt->n_methods; i++)
		if (s->opt->methods[i] == method)
			return is_available(s, i);
	return method == SOCKS5_METHOD_NONE && s->rec.tls && options_is_only_tls(s->opt);
}

/* Returns true if one of the methods inside TLS could be of use. */
static bool is_tls_useful(const struct session *s)
{
	if (options_is_only_tls(s->opt))
		return auth_is_useful(s, SOCKS5_METHOD_NONE);
	for (uint8_t i = 0; i < s->opt->n_methods; i++)
		if (s->opt->methods[i] != SOCKS5_METHOD_SSL &&
		    auth_is_useful(s, s->opt->methods[i]))
			return true;
	return false;
}

bool auth_is_useful(const struct session *s, uint8_t method)
{
	if (method == SOCKS5_METHOD_SSL)
		return is_tls_useful(s);
	return rules_may_client(s->rules, s->client.kind, &s->client.addr,
				s->certified || method != SOCKS5_METHOD_NONE);
}

bool auth_is_open(const struct session *s)
{
	return (s->certified || auth_accepts(s, SOCKS5_METHOD_NONE)) &&
	       auth_is_useful(s, SOCKS5_METHOD_NONE);
}

/* Returns the first of the numbers of `tls` that the client offers. */
static uint8_t tls_number(const struct socks5_methods *offered)
{
	for (uint8_t i = 0; i < offered->n; i++)
		if (offered->method[i] == SOCKS5_METHOD_SSL ||
		    offered->method[i] == SOCKS5_METHOD_SSL_DRAFT)
			return offered->method[i];
	return SOCKS5_METHOD_UNACCEPTABLE;
}

/* Returns what the client must offer to use the method of --auth. */
static uint8_t on_the_wire(const struct session *s, uint8_t method,
			   const struct socks5_methods *offered)
{
	if (method == SOCKS5_METHOD_SSL)
		return tls_number(offered);
	if (method != METHOD_CERTIFICATE)
		return method;
	return s->certified ? SOCKS5_METHOD_NONE : SOCKS5_METHOD_UNACCEPTABLE;
}

static bool offers(const struct socks5_methods *offered, uint8_t method)
{
	/* A client may offer even this number. */
	return method != SOCKS5_METHOD_UNACCEPTABLE && memchr(offered->method, method, offered->n);
}

uint8_t auth_choose(const struct session *s, const struct socks5_methods *offered)
{
	for (uint8_t i = 0; i < s->opt->n_methods; i++) {
		uint8_t listed = s->opt->methods[i], method = on_the_wire(s, listed, offered);

		if (is_available(s, i) && offers(offered, method) && auth_is_useful(s, listed))
			return method;
	}
	/* Behind `tls` alone there is nothing to be listed. */
	return offers(offered, SOCKS5_METHOD_NONE) && auth_is_open(s) ? SOCKS5_METHOD_NONE :
									SOCKS5_METHOD_UNACCEPTABLE;
}

void auth_over(const struct session *s)
{
	/* The file is not read again, and the relay must not have access to the hashes. */
	if (s->opt->users_fd >= 0)
		close(s->opt->users_fd);
	if (s->tls)
		libssl_stop_wiping(s->tls);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which method, and who negotiates it. */
#include "auth/auth.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* A method that can't lead to anything allowed is not offered at all. */
static bool is_useful(const struct session *s, uint8_t method)
{
	return rules_may_client(s->rules, s->client.kind, &s->client.addr,
				method != SOCKS5_METHOD_NONE);
}

bool auth_is_open(const struct session *s)
{
	return memchr(s->opt->methods, SOCKS5_METHOD_NONE, s->opt->n_methods) &&
	       is_useful(s, SOCKS5_METHOD_NONE);
}

uint8_t auth_choose(const struct session *s, const struct socks5_methods *offered)
{
	for (uint8_t i = 0; i < s->opt->n_methods; i++) {
		uint8_t method = s->opt->methods[i];

		if (memchr(offered->method, method, offered->n) && is_useful(s, method))
			return method;
	}
	return SOCKS5_METHOD_UNACCEPTABLE;
}

void auth_over(const struct session *s)
{
	/* Nothing is read from it again, and the relay needs no hashes. */
	if (s->opt->users_fd >= 0)
		close(s->opt->users_fd);
}

void auth_run(struct session *s, uint8_t method)
{
	if (method == SOCKS5_METHOD_PASSWORD)
		auth_password(s);
	auth_over(s);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts into words why a client gets no method of authentication. Answers nothing: the client has
 * got 05 FF, or will get SOCKS 4's refusal.
 */
#include "auth/auth.h"
#include "options/table.h"
#include "why.h"

#include <string.h>

/*
 * Returns true if the rules could allow the client nothing, whichever method of --auth it used.
 * Sets *authenticated to whether one of these methods gives it a user name.
 */
static bool is_kept_out(const struct session *s, bool *authenticated)
{
	*authenticated = false;
	for (uint8_t i = 0; i < s->opt->n_methods; i++) {
		uint8_t method = s->opt->methods[i];

		if (auth_is_useful(s, method))
			return false;
		*authenticated |= method != SOCKS5_METHOD_NONE;
	}
	return true;
}

static void put_method(struct text *t, uint8_t method)
{
	static const char name[][9] = { "none", "gssapi", "password", "chap" };

	if (method < sizeof(name) / sizeof(name[0])) {
		text_str(t, name[method]);
	} else {
		text_str(t, "method ");
		text_uint(t, method);
	}
}

/* "password is not accepted here (auth none)". Of several methods, names the password, if it is
 * one. */
static void put_unaccepted(const struct session *s, const struct socks5_methods *offered,
			   struct text *t)
{
	const struct option_row *row = option_find("auth");
	bool password = memchr(offered->method, SOCKS5_METHOD_PASSWORD, offered->n);

	put_method(t, password ? SOCKS5_METHOD_PASSWORD : offered->method[0]);
	text_str(t, " is not accepted here (auth ");
	row->type->show(s->opt, row, t);
	text_char(t, ')');
}

enum record_end auth_why(struct session *s, const struct socks5_methods *offered, struct text *t)
{
	bool authenticated;

	if (is_kept_out(s, &authenticated)) {
		why_client(s, authenticated);
		why_rule(s);
		why_words(s, false, t);
		return END_DENIED;
	}
	if (options_accept(s->opt, SOCKS5_METHOD_PASSWORD) &&
	    auth_is_useful(s, SOCKS5_METHOD_PASSWORD))
		text_str(t, offered ? "a password is required, and the client offers none" :
				      "a password is required, and SOCKS 4 has none");
	else if (!offered)
		text_str(t, "a password is required, and SOCKS 4 has none");
	else if (!offered->n)
		text_str(t, "the client offers no method of authentication");
	else if (memchr(offered->method, SOCKS5_METHOD_PASSWORD, offered->n) &&
		 options_accept(s->opt, SOCKS5_METHOD_PASSWORD))
		text_str(t,
			 "the rules allow nothing to users with a password, and the client offers "
			 "nothing else");
	else
		put_unaccepted(s, offered, t);
	return END_AUTH;
}

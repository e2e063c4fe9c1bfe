/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts into words why a client gets no method of authentication. Answers nothing: the client has
 * got 05 FF, or will get SOCKS 4's refusal.
 */
#include "auth/auth.h"
#include "end/why.h"
#include "options/table.h"

#include <string.h>

/* A client of SOCKS 4 is like one that offers this. */
static const struct socks5_methods of_socks4 = { .n = 1, .method = { SOCKS5_METHOD_NONE } };

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
		*authenticated |= method != SOCKS5_METHOD_NONE && method != SOCKS5_METHOD_SSL;
	}
	return true;
}

/* "none", or "only none and gssapi". */
static void put_offer(const struct socks5_methods *offered, bool is_plain, struct text *t)
{
	if (is_plain || !offered->n) {
		text_str(t, "none");
		return;
	}
	text_str(t, "only ");
	options_put_methods(offered->method, offered->n, " and ", t);
}

/* Says that the client has no certificate that counts. */
static const char *lacking(const struct session *s)
{
	if (s->replaced)
		return "has tried another login than its certificate, and ";
	return s->rec.tls ? "has sent no certificate, and " : "does not use TLS, and ";
}

/*
 * "a client certificate is required, and the client has sent none"; or "a login by certificate or
 * password is required; the client has sent no certificate, and offers only none".
 */
static void put_certificate(const struct session *s, const struct socks5_methods *offered,
			    bool is_alone, struct text *t)
{
	if (is_alone) {
		text_strs(t, " is required, and the client ",
			  s->rec.tls ? "has sent none" : "does not use TLS", NULL);
		return;
	}
	text_strs(t, " is required; the client ", lacking(s),
		  offered ? "offers " : "SOCKS 4 has no other login", NULL);
	if (offered)
		put_offer(offered, false, t);
}

/* "a password is required, and the client offers none" */
static void put_required(const struct session *s, const struct socks5_methods *offered,
			 struct text *t)
{
	uint8_t login[OPTIONS_METHODS_MAX];
	size_t n = options_logins(s->opt, login);

	if (s->certified) {
		text_str(t, "the client's certificate is accepted, but only with the method none, "
			    "which the client does not offer");
		return;
	}
	options_put_login(s->opt, t);
	if (memchr(login, METHOD_CERTIFICATE, n)) {
		put_certificate(s, offered, n == 1, t);
		return;
	}
	text_strs(t, " is required, and ", offered ? "the client offers " : "SOCKS 4 has none",
		  NULL);
	if (offered)
		put_offer(offered, n == 1 && login[0] == SOCKS5_METHOD_PASSWORD, t);
}

/* Returns true if the client offers one of the methods that are accepted. */
static bool offers_accepted(const struct session *s, const struct socks5_methods *offered)
{
	for (uint8_t i = 0; i < s->opt->n_methods; i++)
		if (s->opt->methods[i] != METHOD_CERTIFICATE &&
		    auth_accepts(s, s->opt->methods[i]) &&
		    memchr(offered->method, s->opt->methods[i], offered->n))
			return true;
	return false;
}

/* "password is not accepted here (auth none)". Of several methods, names the password, if it is
 * one. */
static void put_unaccepted(const struct session *s, const struct socks5_methods *offered,
			   struct text *t)
{
	const struct option_row *row = option_find("auth");
	bool password = memchr(offered->method, SOCKS5_METHOD_PASSWORD, offered->n);

	options_put_method(password ? SOCKS5_METHOD_PASSWORD : offered->method[0], t);
	text_str(t, " is not accepted here (auth ");
	row->type->show(s->opt, row, t);
	text_char(t, ')');
}

/*
 * "password is accepted inside TLS only (auth tls,password)". Returns false, and appends nothing,
 * if that is not the reason.
 */
static bool put_outside(const struct session *s, const struct socks5_methods *offered,
			struct text *t)
{
	const struct option_row *row = option_find("auth");
	bool only = options_is_only_tls(s->opt);

	for (uint8_t i = 0; i < s->opt->n_methods && !s->rec.tls; i++) {
		uint8_t method = only ? SOCKS5_METHOD_NONE : s->opt->methods[i];

		if (!memchr(offered->method, method, offered->n) || auth_accepts(s, method))
			continue;
		options_put_method(method, t);
		text_str(t, " is accepted inside TLS only (auth ");
		row->type->show(s->opt, row, t);
		text_char(t, ')');
		return true;
	}
	return false;
}

enum record_end auth_why(struct session *s, const struct socks5_methods *offered, struct text *t)
{
	const struct socks5_methods *methods = offered ? offered : &of_socks4;
	uint8_t login[OPTIONS_METHODS_MAX];
	bool authenticated;

	if (is_kept_out(s, &authenticated)) {
		why_client(s, authenticated);
		why_rule(s);
		why_words(s, false, t);
		return END_DENIED;
	}
	if (put_outside(s, methods, t))
		return END_AUTH;
	if (options_logins(s->opt, login) && auth_is_useful(s, login[0]))
		put_required(s, offered, t);
	else if (!methods->n)
		text_str(t, "the client offers no method of authentication");
	else if (offers_accepted(s, methods))
		text_str(t, "the rules allow nothing to users who log in, and the client offers "
			    "nothing else");
	else
		put_unaccepted(s, methods, t);
	return END_AUTH;
}

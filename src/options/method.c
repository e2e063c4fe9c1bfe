/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods of --auth in words, for the log and for --explain. Sets nothing. */
#include "options/table.h"
#include "wire/socks5.h"

#include <string.h>

/* The most methods that are named. A client may offer 255. */
enum { NAMED_MAX = 6 };

void options_put_method(uint8_t method, struct text *t)
{
	const struct option_word *w = option_find("auth")->type->words;

	if (method == SOCKS5_METHOD_SSL_DRAFT)
		method = SOCKS5_METHOD_SSL;
	while (w->word[0] && w->value != method)
		w++;
	text_str(t, w->word[0] ? w->word : "method ");
	if (!w->word[0])
		text_uint(t, method);
}

void options_put_methods(const uint8_t *method, size_t n, const char *last, struct text *t)
{
	size_t named = n > NAMED_MAX ? NAMED_MAX : n;

	for (size_t i = 0; i < named; i++) {
		if (i)
			text_str(t, i + 1 == n ? last : ", ");
		options_put_method(method[i], t);
	}
	if (named < n)
		text_strs(t, last, "others", NULL);
}

bool options_is_only_tls(const struct options *o)
{
	return o->n_methods == 1 && o->methods[0] == SOCKS5_METHOD_SSL;
}

size_t options_logins(const struct options *o, uint8_t ret[OPTIONS_METHODS_MAX])
{
	size_t n = 0;

	for (uint8_t i = 0; i < o->n_methods; i++)
		if (o->methods[i] != SOCKS5_METHOD_NONE && o->methods[i] != SOCKS5_METHOD_SSL)
			ret[n++] = o->methods[i];
	return n;
}

void options_put_login(const struct options *o, struct text *t)
{
	uint8_t login[OPTIONS_METHODS_MAX];
	size_t n = options_logins(o, login);

	if (n == 1 && login[0] == SOCKS5_METHOD_PASSWORD) {
		text_str(t, "a password");
		return;
	}
	if (n == 1 && login[0] == METHOD_CERTIFICATE) {
		text_str(t, "a client certificate");
		return;
	}
	text_str(t, "a login by ");
	options_put_methods(login, n, " or ", t);
}

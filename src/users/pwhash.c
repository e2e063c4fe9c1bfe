/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says whether a field of the users file is a hash, and of which scheme. The table of the schemes
 * is in users/scheme.c. Nothing is computed.
 */
#include "users/pwhash.h"
#include "users/scheme.h"

#include <string.h>
#include <strings.h>

/* Returns true if the field names a scheme: `$...$` or `{...}`. Anything else may be plain text. */
static bool looks_named(const char *p, size_t n)
{
	return (*p == '$' && memchr(p + 1, '$', n - 1)) || (*p == '{' && memchr(p, '}', n));
}

/*
 * Returns true if the good hash at p is that of the empty password. Others have a salt, or a login
 * with an empty password never reaches them; but this one would be the key of CHAP's response.
 */
static bool is_blank(enum pwhash_scheme scheme, const char *p)
{
	static const char blank[] =
		"{CRAM-MD5}00747cf2ffaf11c5ea4a64979c3901fc1d20dee13f480bb598f7d8575b23e61b";

	return scheme == PWHASH_CRAM_MD5 && strncasecmp(p, blank, sizeof(blank) - 1) == 0;
}

enum pwhash_fault pwhash_judge(const char *p, size_t n, struct pwhash *ret)
{
	if (!n)
		return PWHASH_EMPTY;
	for (const struct scheme *s = schemes; s < schemes + n_schemes; s++) {
		size_t len = strlen(s->prefix);
		struct pwhash h = { s->scheme, s->weak, false };
		struct cursor c;

		if (n < len || memcmp(p, s->prefix, len) != 0)
			continue;
		c = (struct cursor){ p + len, p + n };
		if (n <= PWHASH_MAX && s->rest(&c, &h) && c.p == c.end) {
			*ret = h;
			return is_blank(h.scheme, p) ? PWHASH_BLANK : PWHASH_GOOD;
		}
		if (s->prefix[0] != '$' && s->prefix[0] != '{')
			continue;
		ret->scheme = s->scheme;
		return PWHASH_MALFORMED;
	}
	return looks_named(p, n) ? PWHASH_UNKNOWN : PWHASH_PLAIN;
}

static const struct scheme *find(enum pwhash_scheme scheme)
{
	size_t i = 0;

	while (schemes[i].scheme != scheme && i + 1 < n_schemes)
		i++;
	return &schemes[i];
}

const char *pwhash_name(enum pwhash_scheme scheme)
{
	return find(scheme)->name;
}

const char *pwhash_cheapest(enum pwhash_scheme scheme)
{
	return find(scheme)->cheapest;
}

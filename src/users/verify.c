/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verifies a password in the same way whether the user exists or not. Everything secret is in the
 * memory of users/secrets.h.
 */
#include "users/verify.h"
#include "users/compute.h"
#include "users/find.h"
#include "users/secrets.h"

#include <errno.h>
#include <string.h>

enum { PASSWD_MAX = 255 };

struct secrets {
	_Alignas(64) char scratch[CRYPT_SCRATCH]; /* for pieces of the file, then for the library */
	struct found_user user, first;
	char passwd[PASSWD_MAX + 1];
};

_Static_assert(sizeof(struct secrets) <= SECRETS_MAX, "too many secrets");

/* Compares every byte, whatever it finds. The length of a hash is not a secret. */
static bool same(const char *a, const char *b)
{
	size_t n = strlen(a);
	volatile unsigned char diff = 0;

	if (n != strlen(b))
		return false;
	for (size_t i = 0; i < n; i++)
		diff = (unsigned char)(diff | (a[i] ^ b[i]));
	return !diff;
}

static bool fits(const char *passwd, size_t passlen, const struct found_user *e)
{
	return passlen && passlen <= PASSWD_MAX && !memchr(passwd, '\0', passlen) &&
	       (e->form.scheme != PWHASH_BCRYPT || passlen <= PWHASH_BCRYPT_MAX);
}

/* Returns what is wrong before anything is computed; VERIFY_MATCH: nothing. */
static enum verify_why judge(const struct secrets *s, const char *passwd, size_t passlen)
{
	if (!s->user.line)
		return VERIFY_UNKNOWN;
	if (s->user.fault)
		return VERIFY_BAD_LINE;
	return fits(passwd, passlen, &s->user) ? VERIFY_MATCH : VERIFY_UNFIT;
}

/*
 * Computes a hash in any case, but uses the result only if it is of the user's line. Returns as
 * verify_password() does.
 */
static int decide(struct secrets *s, const char *passwd, size_t passlen, struct verify_result *ret)
{
	const struct found_user *e = s->user.line && !s->user.fault ? &s->user : &s->first;
	const char *made;
	int r;

	ret->why = judge(s, passwd, passlen);
	ret->line = s->user.line;
	ret->fault = s->user.line ? s->user.fault : HTPASSWD_GOOD;
	if (!e->line)
		return 0;
	memcpy(s->passwd, passwd, passlen < PASSWD_MAX ? passlen : PASSWD_MAX);
	r = compute_hash(e->form.scheme, s->passwd, e->hash, s->scratch, &made, &ret->library);
	if (e != &s->user)
		return 0;
	if (r == -ENOSYS) {
		ret->why = VERIFY_BAD_LINE;
		ret->fault = HTPASSWD_UNSUPPORTED;
		return 0;
	}
	if (r < 0)
		return r;
	if (!same(made, e->hash) && ret->why == VERIFY_MATCH)
		ret->why = VERIFY_WRONG;
	return ret->why == VERIFY_MATCH;
}

int verify_password(int fd, const char *name, size_t namelen, const char *passwd, size_t passlen,
		    struct verify_result *ret)
{
	struct secrets *s = secrets_get(sizeof(*s));
	int r = -ENOMEM;

	*ret = (struct verify_result){ .why = VERIFY_FAILED };
	if (!s)
		return r;
	if (!htpasswd_name_ok(name, namelen))
		namelen = 0;
	r = find_user(fd, name, namelen, s->scratch, sizeof(s->scratch), &s->user, &s->first);
	if (r == 0)
		r = decide(s, passwd, passlen, ret);
	secrets_drop(s, sizeof(*s));
	if (r < 0)
		ret->why = VERIFY_FAILED;
	if (r != -ELIBACC)
		ret->library = NULL;
	return r;
}

int verify_scheme(enum pwhash_scheme scheme, const char **library)
{
	struct secrets *s = secrets_get(sizeof(*s));
	const char *made;
	int err;

	if (!s)
		return -ENOMEM;
	err = compute_hash(scheme, "", pwhash_cheapest(scheme), s->scratch, &made, library);
	secrets_drop(s, sizeof(*s));
	return err;
}

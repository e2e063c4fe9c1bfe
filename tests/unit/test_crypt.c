/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computes every kind of hash that the users file may hold: users/compute.c and auth/crypt_*.c. */
#include <errno.h>
#include <stdlib.h>

#include "users/compute.h"
#include "hashes.h"
#include "tap.h"

static void *scratch;

static int compute(enum pwhash_scheme scheme, const char *passwd, const char *hash, char *ret)
{
	const char *made, *library;
	int r;

	memset(scratch, 0, CRYPT_SCRATCH);
	r = compute_hash(scheme, passwd, hash, scratch, &made, &library);
	ret[0] = '\0';
	if (r == 0)
		strncat(ret, made, PWHASH_MAX);
	return r;
}

static void sample(const struct sample *s)
{
	char made[PWHASH_MAX + 1];
	int r = compute(s->scheme, s->passwd, s->hash, made);

	if (r == -ENOSYS || r == -ELIBACC) {
		skip("crypt(3) has no %s on this system", pwhash_name(s->scheme));
		return;
	}
	is_int(r, 0, "%s: computed", pwhash_name(s->scheme));
	is_str(made, s->hash, "the hash of '%.20s' is right", s->passwd);
	r = compute(s->scheme, "Secret", s->hash, made);
	is_int(r, 0, "%s: computed for another password", pwhash_name(s->scheme));
	ok(strcmp(made, s->hash) != 0, "the hash of another password differs");
}

/* The setting that --check tries gives a hash that pwhash_judge() calls good. */
static void cheapest(enum pwhash_scheme scheme)
{
	char made[PWHASH_MAX + 1];
	struct pwhash h;
	int r = compute(scheme, "x", pwhash_cheapest(scheme), made);

	if (r == -ENOSYS || r == -ELIBACC) {
		skip("crypt(3) has no %s on this system", pwhash_name(scheme));
		return;
	}
	is_int(r, 0, "%s: the cheapest setting is computed", pwhash_name(scheme));
	is_int(pwhash_judge(made, strlen(made), &h), PWHASH_GOOD, "%s is a good hash", made);
	is_int(h.scheme, scheme, "and has the scheme that was asked for");
}

int main(void)
{
	char made[PWHASH_MAX + 1];

	scratch = aligned_alloc(64, CRYPT_SCRATCH);
	if (!ok(scratch != NULL, "there is memory for crypt(3)"))
		return done_testing();
	for (size_t i = 0; i < SAMPLES; i++)
		sample(&samples[i]);
	for (int i = 0; i <= PWHASH_DES; i++)
		cheapest((enum pwhash_scheme)i);

	/* pwhash_judge() does not know which parameters of yescrypt make sense. */
	ok(compute(PWHASH_YESCRYPT, "x", "$y$zz$abcd$71UVR2jXPRehOypaW4vmU0oV69bxhJE4aN7jXUyFZa4",
		   made) == -ENOSYS,
	   "a setting that the library refuses is an error");
	free(scratch);
	return done_testing();
}

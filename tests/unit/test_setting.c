/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of new hashes: users/setting.c. Those expected are what crypt_gensalt_rn() of
 * libxcrypt 4.4 makes of the same bytes, for the prefixes $y$, $2y$ and $6$ and the costs 5, 10 and
 * 100000.
 */
#include "users/setting.h"

#include <errno.h>
#include <stdlib.h>

#include "users/compute.h"
#include "tap.h"

static const struct {
	uint8_t random[SETTING_RANDOM];
	const char *yescrypt, *bcrypt, *sha512;
} vectors[] = {
	{ { 0 },
	  "$y$j9T$......................",
	  "$2y$10$......................",
	  "$6$rounds=100000$................" },
	{ { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 },
	  "$y$j9T$zzzzzzzzzzzzzzzzzzzzz1",
	  "$2y$10$999999999999999999999u",
	  "$6$rounds=100000$zzzzzzzzzzzzzzzz" },
	{ { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	  "$y$j9T$.2U.1EE/4Q.07ck0AoU1D.",
	  "$2y$10$..CA.uOD/eaGAOmJB.yMBu",
	  "$6$rounds=100000$.2U.1EE/4Q.07ck0" },
	{ { 0x8f, 0x3a, 0xc1, 0x04, 0xd2, 0xb9, 0x7e, 0x66, 0x55, 0xf0, 0x0f, 0xa9, 0x9b, 0x1c,
	    0x2d, 0xe7 },
	  "$y$j9T$DeHk26RiyNKJkzEePmF9b1",
	  "$2y$10$hxp//LI3dkXT6.8nkvur3u",
	  "$6$rounds=100000$DeHk26RiyNKJkzEe" },
};

static void formatted(enum pwhash_scheme scheme, const uint8_t *random, const char *want)
{
	char got[SETTING_SIZE];

	memset(got, 'x', sizeof(got));
	setting_format(scheme, random, got);
	is_str(got, want, "%s", pwhash_name(scheme));
}

/* What the library makes of the setting begins with the setting, and is a good hash. */
static void computed(enum pwhash_scheme scheme, const char *setting, void *scratch)
{
	const char *made, *library;
	struct pwhash h;
	int r;

	memset(scratch, 0, CRYPT_SCRATCH);
	r = compute_hash(scheme, "secret", setting, scratch, &made, &library);
	if (r == -ENOSYS || r == -ELIBACC) {
		skip("this system has no %s", pwhash_name(scheme));
		return;
	}
	is_int(r, 0, "%s is computed", setting);
	ok(strncmp(made, setting, strlen(setting)) == 0, "%s begins with its setting", made);
	is_int(pwhash_judge(made, strlen(made), &h), PWHASH_GOOD, "it is a good hash");
	is_int(h.scheme, scheme, "and of the scheme");
	ok(!h.slow, "and not too slow");
}

int main(void)
{
	void *scratch = aligned_alloc(64, CRYPT_SCRATCH);
	const size_t n = sizeof(vectors) / sizeof(*vectors);
	char setting[SETTING_SIZE];

	if (!ok(scratch != NULL, "there is memory for crypt(3)"))
		return done_testing();
	for (size_t i = 0; i < n; i++) {
		formatted(PWHASH_YESCRYPT, vectors[i].random, vectors[i].yescrypt);
		formatted(PWHASH_BCRYPT, vectors[i].random, vectors[i].bcrypt);
		formatted(PWHASH_SHA512, vectors[i].random, vectors[i].sha512);
	}
	computed(PWHASH_YESCRYPT, vectors[n - 1].yescrypt, scratch);
	computed(PWHASH_BCRYPT, vectors[n - 1].bcrypt, scratch);
	computed(PWHASH_SHA512, vectors[n - 1].sha512, scratch);
	setting_format(PWHASH_CRAM_MD5, vectors[n - 1].random, setting);
	is_str(setting, "{CRAM-MD5}", "a scheme without a salt");
	computed(PWHASH_CRAM_MD5, setting, scratch);
	free(scratch);
	return done_testing();
}

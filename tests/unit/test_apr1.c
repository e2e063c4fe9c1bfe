/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Apache's own schemes, on the digests of libmd: users/apache.c and users/digest_*.c. */
#include "users/apache.h"
#include "hashes.h"
#include "tap.h"

static void one(const struct digest *d, const struct sample *s)
{
	char made[APACHE_APR1_SIZE > APACHE_SHA_SIZE ? APACHE_APR1_SIZE : APACHE_SHA_SIZE];

	if (s->scheme == PWHASH_APR1)
		apache_apr1(d, s->passwd, strlen(s->passwd), s->hash, made);
	else
		apache_sha(d, s->passwd, strlen(s->passwd), made);
	is_str(made, s->hash, "the hash of '%.20s'", s->passwd);
}

static void schemes(enum pwhash_scheme scheme, enum digest_kind kind)
{
	struct digest d;

	if (digest_load(kind, &d) < 0) {
		skip("no %s on this system", digest_name());
		return;
	}
	for (size_t i = 0; i < SAMPLES; i++) {
		if (samples[i].scheme == scheme)
			one(&d, &samples[i]);
	}
}

/* The digests alone, with vectors of RFC 1321 and RFC 3174. */
static void digests(enum digest_kind kind, const char *text, const char *want, size_t n)
{
	_Alignas(max_align_t) uint8_t state[DIGEST_STATE];
	uint8_t sum[DIGEST_SHA1_LENGTH];
	struct digest d;

	if (digest_load(kind, &d) < 0) {
		skip("no %s on this system", digest_name());
		return;
	}
	d.init(state);
	d.update(state, (const uint8_t *)text, strlen(text));
	d.final(sum, state);
	is_mem(sum, n, want, n, "digest of '%s'", text);
}

int main(void)
{
	digests(DIGEST_MD5, "", "\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e",
		DIGEST_MD5_LENGTH);
	digests(DIGEST_MD5, "abc",
		"\x90\x01\x50\x98\x3c\xd2\x4f\xb0\xd6\x96\x3f\x7d\x28\xe1\x7f\x72",
		DIGEST_MD5_LENGTH);
	digests(DIGEST_SHA1, "abc",
		"\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d",
		DIGEST_SHA1_LENGTH);
	schemes(PWHASH_APR1, DIGEST_MD5);
	schemes(PWHASH_SHA, DIGEST_SHA1);
	return done_testing();
}

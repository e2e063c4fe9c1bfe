/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MD5 and SHA-1 of the libmd that the program is linked with. No other file includes its headers.
 */
#include "users/digest.h"

#include <string.h>
#include <sys/types.h>

#include <md5.h>
#include <sha1.h>

_Static_assert(sizeof(MD5_CTX) <= DIGEST_STATE && sizeof(SHA1_CTX) <= DIGEST_STATE,
	       "the state is too small");

static void md5_init(void *state)
{
	MD5Init(state);
}

static void md5_update(void *state, const uint8_t *p, size_t n)
{
	MD5Update(state, p, n);
}

static void md5_final(uint8_t *ret, void *state)
{
	MD5Final(ret, state);
}

static void sha1_init(void *state)
{
	SHA1Init(state);
}

static void sha1_update(void *state, const uint8_t *p, size_t n)
{
	SHA1Update(state, p, n);
}

static void sha1_final(uint8_t *ret, void *state)
{
	SHA1Final(ret, state);
}

int digest_load(enum digest_kind kind, struct digest *ret)
{
	if (kind == DIGEST_MD5)
		*ret = (struct digest){ md5_init, md5_update, md5_final };
	else
		*ret = (struct digest){ sha1_init, sha1_update, sha1_final };
	return 0;
}

void digest_md5_get(const void *state, struct digest_md5 *ret)
{
	memcpy(ret->word, ((const MD5_CTX *)state)->state, sizeof(ret->word));
}

void digest_md5_set(void *state, const struct digest_md5 *md5, size_t n)
{
	MD5_CTX *s = state;

	memcpy(s->state, md5->word, sizeof(s->state));
	s->count = (uint64_t)n * 8;
}

bool digest_is_built(void)
{
	return true;
}

const char *digest_name(void)
{
	return "libmd";
}

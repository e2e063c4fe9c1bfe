/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes and reads hashes of the scheme {CRAM-MD5}, as Dovecot does, and computes HMAC-MD5 with
 * them. Leaves nothing behind that is derived from a password.
 */
#include "users/cram_md5.h"

#include <string.h>

enum { PREFIX = 10, BLOCK = 64, OUTER_PAD = 0x5c, INNER_PAD = 0x36, WORDS = 4, DIGITS = 8 };

static const char digits[] = "0123456789abcdef";

/* Everything that is derived from a password, in one place so that it can be wiped. */
struct work {
	_Alignas(max_align_t) uint8_t state[DIGEST_STATE];
	uint8_t key[BLOCK], padded[BLOCK], sum[DIGEST_MD5_LENGTH];
};

static void pad(const struct digest *md5, struct work *w, uint8_t byte, struct digest_md5 *ret)
{
	for (int i = 0; i < BLOCK; i++)
		w->padded[i] = w->key[i] ^ byte;
	md5->init(w->state);
	md5->update(w->state, w->padded, BLOCK);
	digest_md5_get(w->state, ret);
}

void cram_md5_key(const struct digest *md5, const char *passwd, size_t passlen,
		  struct cram_md5 *ret)
{
	struct work w = { 0 };

	if (passlen > BLOCK) {
		md5->init(w.state);
		md5->update(w.state, (const uint8_t *)passwd, passlen);
		md5->final(w.key, w.state);
	} else {
		memcpy(w.key, passwd, passlen);
	}
	pad(md5, &w, OUTER_PAD, &ret->outer);
	pad(md5, &w, INNER_PAD, &ret->inner);
	explicit_bzero(&w, sizeof(w));
}

static uint32_t value(char digit)
{
	return (uint32_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

/* The bytes of a word stand in the order of MD5, the lowest one first. */
static const char *parse(const char *p, struct digest_md5 *ret)
{
	*ret = (struct digest_md5){ 0 };
	for (int i = 0; i < WORDS; i++) {
		for (int shift = 0; shift < 32; shift += 8, p += 2)
			ret->word[i] |= (value(p[0]) << 4 | value(p[1])) << shift;
	}
	return p;
}

void cram_md5_parse(const char *hash, struct cram_md5 *ret)
{
	parse(parse(hash + PREFIX, &ret->outer), &ret->inner);
}

static char *format(char *p, const struct digest_md5 *md5)
{
	for (int i = 0; i < WORDS; i++) {
		for (int shift = 0; shift < 32; shift += 8) {
			*p++ = digits[md5->word[i] >> shift >> 4 & 15];
			*p++ = digits[md5->word[i] >> shift & 15];
		}
	}
	return p;
}

void cram_md5_format(const struct cram_md5 *key, char ret[CRAM_MD5_SIZE])
{
	memcpy(ret, "{CRAM-MD5}", PREFIX);
	*format(format(ret + PREFIX, &key->outer), &key->inner) = '\0';
}

void cram_md5_hash(const struct digest *md5, const char *passwd, size_t passlen, const char *hash,
		   char ret[CRAM_MD5_SIZE])
{
	struct cram_md5 key;

	cram_md5_key(md5, passwd, passlen, &key);
	cram_md5_format(&key, ret);
	for (int i = PREFIX; i < CRAM_MD5_SIZE - 1 && hash[i]; i++) {
		if (hash[i] >= 'A' && hash[i] <= 'F' && ret[i] >= 'a')
			ret[i] = (char)(ret[i] - 'a' + 'A');
	}
	explicit_bzero(&key, sizeof(key));
}

void cram_md5_hmac(const struct digest *md5, const struct cram_md5 *key, const uint8_t *p, size_t n,
		   uint8_t ret[DIGEST_MD5_LENGTH])
{
	struct work w = { 0 };

	md5->init(w.state);
	digest_md5_set(w.state, &key->inner, BLOCK);
	md5->update(w.state, p, n);
	md5->final(w.sum, w.state);
	md5->init(w.state);
	digest_md5_set(w.state, &key->outer, BLOCK);
	md5->update(w.state, w.sum, DIGEST_MD5_LENGTH);
	md5->final(ret, w.state);
	explicit_bzero(&w, sizeof(w));
}

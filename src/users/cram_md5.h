/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheme {CRAM-MD5} and HMAC-MD5 (RFC 2104). A line of that scheme has what HMAC-MD5 makes of
 * the password before it sees a challenge, so whoever reads the line can answer every challenge.
 * Never compares a result.
 */
#ifndef USERS_CRAM_MD5_H
#define USERS_CRAM_MD5_H

#include "users/digest.h"

/* The size of a hash of the scheme, with the NUL. */
enum { CRAM_MD5_SIZE = 10 + 64 + 1 };

/* The states of MD5 after the 64 bytes of the key with the outer pad, and with the inner pad. */
struct cram_md5 {
	struct digest_md5 outer, inner;
};

/* Makes the two states of a password. Wipes everything derived from it except the result. */
void cram_md5_key(const struct digest *md5, const char *passwd, size_t passlen,
		  struct cram_md5 *ret);

/* Reads the states from the string hash, which pwhash_judge() has found good and of the scheme. */
void cram_md5_parse(const char *hash, struct cram_md5 *ret);

/* Writes `{CRAM-MD5}` and the states in 64 hexadecimal digits, in lower case. */
void cram_md5_format(const struct cram_md5 *key, char ret[CRAM_MD5_SIZE]);

/* Makes the hash of a password. Its digits are in the case of those of the string hash. */
void cram_md5_hash(const struct digest *md5, const char *passwd, size_t passlen, const char *hash,
		   char ret[CRAM_MD5_SIZE]);

/* Computes the HMAC-MD5 of the n bytes at p with this key. Wipes everything but the result. */
void cram_md5_hmac(const struct digest *md5, const struct cram_md5 *key, const uint8_t *p, size_t n,
		   uint8_t ret[DIGEST_MD5_LENGTH]);

#endif

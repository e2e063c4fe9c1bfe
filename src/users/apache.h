/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two schemes of Apache's own, $apr1$ and {SHA}, on a digest. They compute; nobody is
 * compared.
 */
#ifndef USERS_APACHE_H
#define USERS_APACHE_H

#include "users/digest.h"

/* What a result needs, the NUL included. */
enum { APACHE_APR1_SIZE = 6 + 8 + 1 + 22 + 1, APACHE_SHA_SIZE = 5 + 28 + 1 };

/*
 * The $apr1$ hash of the password (at most 255 bytes) with the salt of hash, a string that
 * pwhash_judge() has found good: 1000 rounds of MD5. All that was derived is wiped.
 */
void apache_apr1(const struct digest *md5, const char *passwd, size_t passlen, const char *hash,
		 char ret[APACHE_APR1_SIZE]);

/* "{SHA}" and the base64 of the password's SHA-1. */
void apache_sha(const struct digest *sha1, const char *passwd, size_t passlen,
		char ret[APACHE_SHA_SIZE]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computes the two schemes of Apache's own, $apr1$ and {SHA}. Never compares a result. */
#ifndef USERS_APACHE_H
#define USERS_APACHE_H

#include "users/digest.h"

/* The sizes of the results, with the NUL. */
enum { APACHE_APR1_SIZE = 6 + 8 + 1 + 22 + 1, APACHE_SHA_SIZE = 5 + 28 + 1 };

/*
 * Makes the $apr1$ hash of the password (at most 255 bytes) with the salt of the string hash, which
 * pwhash_judge() has found good: 1000 rounds of MD5. Wipes everything derived from the password
 * except the result.
 */
void apache_apr1(const struct digest *md5, const char *passwd, size_t passlen, const char *hash,
		 char ret[APACHE_APR1_SIZE]);

/* Makes the {SHA} hash of the password (at most 255 bytes): the base64 of its SHA-1. */
void apache_sha(const struct digest *sha1, const char *passwd, size_t passlen,
		char ret[APACHE_SHA_SIZE]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks the form of a hash strictly, before anything computes with it, because crypt(3) takes
 * plain text for a DES hash. Pure: computes no hash.
 */
#ifndef USERS_PWHASH_H
#define USERS_PWHASH_H

#include <stdbool.h>
#include <stddef.h>

enum {
	PWHASH_MAX = 255,	/* no legal hash is longer */
	PWHASH_BCRYPT_MAX = 72, /* bcrypt ignores the bytes of a password after these */
};

enum pwhash_scheme {
	PWHASH_BCRYPT,	 /* $2a$ $2b$ $2y$ */
	PWHASH_APR1,	 /* $apr1$: Apache's own, unknown to crypt(3) */
	PWHASH_SHA,	 /* {SHA}: Apache's own, unknown to crypt(3) */
	PWHASH_CRAM_MD5, /* {CRAM-MD5}: Dovecot's, for CHAP; unknown to crypt(3) */
	PWHASH_SHA256,	 /* $5$ */
	PWHASH_SHA512,	 /* $6$ */
	PWHASH_YESCRYPT, /* $y$ */
	PWHASH_GOST,	 /* $gy$ */
	PWHASH_SCRYPT,	 /* $7$ */
	PWHASH_SHA1,	 /* $sha1$ */
	PWHASH_SUNMD5,	 /* $md5 */
	PWHASH_MD5,	 /* $1$ */
	PWHASH_NT,	 /* $3$ */
	PWHASH_BSDI,	 /* _ and 19 characters */
	PWHASH_DES,	 /* 13 characters */
};

enum pwhash_fault {
	PWHASH_GOOD,
	PWHASH_EMPTY,
	PWHASH_PLAIN,	  /* not a hash */
	PWHASH_UNKNOWN,	  /* $...$ or {...} of a scheme that is not listed above */
	PWHASH_MALFORMED, /* of a known scheme, and not well-formed */
	PWHASH_BLANK,	  /* {CRAM-MD5} of the empty password: everybody knows it */
};

struct pwhash {
	enum pwhash_scheme scheme;
	/*
	 * quick to guess for anybody with the file: DES, BSDi, {SHA}, $1$, $md5, $3$; or, for CHAP,
	 * as good as the password: {CRAM-MD5}
	 */
	bool weak;
	bool slow; /* so expensive that every login takes a second or more */
};

/*
 * Judges the hash of n bytes at p. Sets *ret if it is PWHASH_GOOD or PWHASH_BLANK, and ret->scheme
 * alone if it is PWHASH_MALFORMED.
 */
enum pwhash_fault pwhash_judge(const char *p, size_t n, struct pwhash *ret);

/* Returns the name of a scheme, a constant string: "bcrypt", "{SHA}", "$6$"... */
const char *pwhash_name(enum pwhash_scheme scheme);

/* Returns the prefix, cost and salt of the hash of that scheme that is cheapest to compute. */
const char *pwhash_cheapest(enum pwhash_scheme scheme);

#endif

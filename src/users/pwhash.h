/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forms that a hashed password can have, checked strictly before anything computes with one:
 * crypt(3) itself reads plain text as DES. Pure; no hash is computed here.
 */
#ifndef USERS_PWHASH_H
#define USERS_PWHASH_H

#include <stdbool.h>
#include <stddef.h>

enum {
	PWHASH_MAX = 255,	/* no legal hash is longer */
	PWHASH_BCRYPT_MAX = 72, /* bytes of a password that bcrypt looks at */
};

enum pwhash_scheme {
	PWHASH_BCRYPT,	 /* $2a$ $2b$ $2y$ */
	PWHASH_APR1,	 /* $apr1$: Apache's own, not crypt(3)'s */
	PWHASH_SHA,	 /* {SHA}: Apache's own, not crypt(3)'s */
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
	PWHASH_PLAIN,	  /* not a hash at all */
	PWHASH_UNKNOWN,	  /* $...$ or {...} of a scheme that is not in the list above */
	PWHASH_MALFORMED, /* of a known scheme, but wrong */
};

struct pwhash {
	enum pwhash_scheme scheme;
	bool weak; /* guessed quickly by whoever reads the file: DES, BSDi, {SHA}, $1$, $md5, $3$ */
	bool slow; /* so expensive that seconds pass at every login */
};

/* Judges the n bytes at p; *ret is set if the hash is good, ret->scheme if it is malformed. */
enum pwhash_fault pwhash_judge(const char *p, size_t n, struct pwhash *ret);

/* "bcrypt", "{SHA}", "$6$"...; a constant string. */
const char *pwhash_name(enum pwhash_scheme scheme);

/* The beginning of a hash, up to its salt's end, that is the cheapest of its scheme to compute. */
const char *pwhash_cheapest(enum pwhash_scheme scheme);

#endif

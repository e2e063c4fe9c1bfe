/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small grammar for each scheme of crypt(5), Apache and Dovecot. Stricter than crypt(5), in
 * order to refuse a hash that no password can match: the last character of a digest codes fewer
 * than six bits, and the others must be 0; and the number of rounds must be one that crypt(3) would
 * not correct. Computes nothing.
 */
#include "users/scheme.h"

#include <stdint.h>
#include <string.h>

/* Six bits for each character: in the order of crypt(3), of bcrypt, and of base64. */
static const char crypt64[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char bcrypt64[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex[] = "0123456789abcdef";
static const char hex_of_any_case[] = "0123456789abcdefABCDEF";

/* For salts that may be any text: the printable characters that crypt(3) accepts. */
static const char free_salt[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				"\"#%&'()+,-<=>?@[]^_`{|}~";

/*
 * Above these a login takes a second or more. Measured: 0.8 s for bcrypt 14, 1.0 s for 3 million
 * rounds of $6$, 0.5 s for yescrypt of 128 MiB, 0.7 s for scrypt of 128 MiB; each step doubles it.
 */
enum { SLOW_BCRYPT = 14, SLOW_ROUNDS = 3000000, SLOW_YESCRYPT = 14, SLOW_SCRYPT = 15 };

static bool literal(struct cursor *c, const char *s)
{
	size_t n = strlen(s);

	if ((size_t)(c->end - c->p) < n || memcmp(c->p, s, n) != 0)
		return false;
	c->p += n;
	return true;
}

/* Returns the place of the character in the alphabet, or -1. */
static int value(const char *alphabet, char ch)
{
	const char *at = ch ? strchr(alphabet, ch) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* Walks over at most max characters of the alphabet. Returns false if there are too few. */
static bool span(struct cursor *c, const char *alphabet, size_t min, size_t max)
{
	size_t n = 0;

	while (n < max && c->p < c->end && value(alphabet, *c->p) >= 0) {
		c->p++;
		n++;
	}
	return n >= min;
}

/* Walks over exactly n characters. The unused bits of the last one must be 0. */
static bool coded(struct cursor *c, const char *alphabet, size_t n, int unused)
{
	return span(c, alphabet, n, n) && !(value(alphabet, c->p[-1]) & unused);
}

/* Reads a decimal number without leading zeros. */
static bool number(struct cursor *c, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	const char *start = c->p;

	for (; c->p < c->end && *c->p >= '0' && *c->p <= '9' && v <= max; c->p++)
		v = v * 10 + (uint64_t)(*c->p - '0');
	*ret = v;
	return c->p > start && *start != '0' && v >= min && v <= max;
}

static bool bcrypt(struct cursor *c, struct pwhash *h)
{
	const char *p = c->p;
	int cost;

	if (c->end - p < 3 || p[0] < '0' || p[0] > '3' || p[1] < '0' || p[1] > '9' || p[2] != '$')
		return false;
	cost = (p[0] - '0') * 10 + (p[1] - '0');
	c->p += 3;
	h->slow = cost > SLOW_BCRYPT;
	return cost >= 4 && cost <= 31 && coded(c, bcrypt64, 22, 0x0f) &&
	       coded(c, bcrypt64, 31, 0x03);
}

static bool md5(struct cursor *c, struct pwhash *h)
{
	(void)h;
	return span(c, free_salt, 1, 8) && literal(c, "$") && coded(c, crypt64, 22, 0x3c);
}

static bool sha(struct cursor *c, struct pwhash *h)
{
	(void)h;
	return coded(c, base64, 27, 0x03) && literal(c, "=");
}

static bool cram_md5(struct cursor *c, struct pwhash *h)
{
	(void)h;
	return span(c, hex_of_any_case, 64, 64);
}

static bool rounds(struct cursor *c, struct pwhash *h)
{
	uint64_t n = 0;

	if (!literal(c, "rounds="))
		return true;
	if (!number(c, 1000, 999999999, &n))
		return false;
	h->slow = n > SLOW_ROUNDS;
	return literal(c, "$");
}

static bool sha256(struct cursor *c, struct pwhash *h)
{
	return rounds(c, h) && span(c, free_salt, 1, 16) && literal(c, "$") &&
	       coded(c, crypt64, 43, 0x30);
}

static bool sha512(struct cursor *c, struct pwhash *h)
{
	return rounds(c, h) && span(c, free_salt, 1, 16) && literal(c, "$") &&
	       coded(c, crypt64, 86, 0x3c);
}

/* A salt of up to 64 bytes. The unused bits of its last character must be 0. */
static bool coded_salt(struct cursor *c)
{
	static const int unused[] = { 0, 0, 0x3c, 0x30 };
	const char *start = c->p;
	size_t odd;

	span(c, crypt64, 0, 86);
	odd = (size_t)(c->p - start) % 4;
	return odd != 1 && !(value(crypt64, c->p[-1]) & unused[odd]);
}

/* The second character of the parameters is the logarithm of the memory that is used. */
static bool yescrypt(struct cursor *c, struct pwhash *h)
{
	const char *params = c->p;

	if (!span(c, crypt64, 2, 64))
		return false;
	h->slow = value(crypt64, params[1]) > SLOW_YESCRYPT;
	return literal(c, "$") && coded_salt(c) && literal(c, "$") && coded(c, crypt64, 43, 0x30);
}

static bool scrypt(struct cursor *c, struct pwhash *h)
{
	const char *params = c->p;

	if (!span(c, crypt64, 11, 97))
		return false;
	h->slow = value(crypt64, params[0]) > SLOW_SCRYPT;
	return literal(c, "$") && coded(c, crypt64, 43, 0x30);
}

static bool sha1(struct cursor *c, struct pwhash *h)
{
	uint64_t n = 0;

	if (!number(c, 4, UINT32_MAX, &n))
		return false;
	h->slow = n > SLOW_ROUNDS;
	return literal(c, "$") && span(c, crypt64, 1, 64) && literal(c, "$") &&
	       coded(c, crypt64, 28, 0);
}

static bool sunmd5(struct cursor *c, struct pwhash *h)
{
	uint64_t n = 0;

	if (literal(c, ",rounds=") && !number(c, 1, UINT32_MAX, &n))
		return false;
	h->slow = n > SLOW_ROUNDS;
	return literal(c, "$") && span(c, crypt64, 8, 8) && literal(c, "$") &&
	       (literal(c, "$") || true) && coded(c, crypt64, 22, 0x3c);
}

static bool nt(struct cursor *c, struct pwhash *h)
{
	(void)h;
	return span(c, hex, 32, 32);
}

static bool bsdi(struct cursor *c, struct pwhash *h)
{
	(void)h;
	return span(c, crypt64, 8, 8) && coded(c, crypt64, 11, 0x03);
}

static bool des(struct cursor *c, struct pwhash *h)
{
	(void)h;
	return span(c, crypt64, 2, 2) && coded(c, crypt64, 11, 0x03);
}

const struct scheme schemes[] = {
	{ "$2y$", "bcrypt", "$2y$04$......................", PWHASH_BCRYPT, false, bcrypt },
	{ "$2b$", "bcrypt", "$2b$04$......................", PWHASH_BCRYPT, false, bcrypt },
	{ "$2a$", "bcrypt", "$2a$04$......................", PWHASH_BCRYPT, false, bcrypt },
	{ "$apr1$", "$apr1$", "$apr1$.$", PWHASH_APR1, false, md5 },
	{ "{SHA}", "{SHA}", "{SHA}", PWHASH_SHA, true, sha },
	{ "{CRAM-MD5}", "{CRAM-MD5}", "{CRAM-MD5}", PWHASH_CRAM_MD5, true, cram_md5 },
	{ "$5$", "$5$", "$5$rounds=1000$.$", PWHASH_SHA256, false, sha256 },
	{ "$6$", "$6$", "$6$rounds=1000$.$", PWHASH_SHA512, false, sha512 },
	{ "$y$", "yescrypt", "$y$j75$$", PWHASH_YESCRYPT, false, yescrypt },
	{ "$gy$", "gost-yescrypt", "$gy$j75$$", PWHASH_GOST, false, yescrypt },
	{ "$7$", "scrypt", "$7$6/..../....", PWHASH_SCRYPT, false, scrypt },
	{ "$sha1$", "$sha1$", "$sha1$4$.$", PWHASH_SHA1, false, sha1 },
	{ "$md5", "$md5$", "$md5$........$", PWHASH_SUNMD5, true, sunmd5 },
	{ "$1$", "$1$", "$1$.$", PWHASH_MD5, true, md5 },
	{ "$3$$", "NT", "$3$$", PWHASH_NT, true, nt },
	{ "_", "BSDi DES", "_/.......", PWHASH_BSDI, true, bsdi },
	{ "", "DES", "..", PWHASH_DES, true, des },
};

const size_t n_schemes = sizeof(schemes) / sizeof(*schemes);

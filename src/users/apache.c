/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * $apr1$ is MD5-crypt (the algorithm of $1$) under another name; {SHA} is one unsalted SHA-1. Both
 * are here because crypt(3) knows neither. Leaves nothing behind that is derived from a password.
 */
#include "users/apache.h"

#include <string.h>

enum { PREFIX = 6, ROUNDS = 1000, PASSWD_MAX = 255, SALT_MAX = 8 };

/* A message is put together here before it is digested. The first one is the longest. */
struct message {
	uint8_t bytes[PASSWD_MAX + PREFIX + SALT_MAX + PASSWD_MAX + DIGEST_MD5_LENGTH + 8];
	size_t n;
};

/* Everything that is derived from the password, in one place so that it can be wiped. */
struct work {
	_Alignas(max_align_t) uint8_t state[DIGEST_STATE];
	struct message m;
	uint8_t sum[DIGEST_SHA1_LENGTH];
};

static void add(struct message *m, const void *p, size_t n)
{
	memcpy(m->bytes + m->n, p, n);
	m->n += n;
}

/* Digests the message into w->sum, and begins the next one. */
static void digest(const struct digest *d, struct work *w)
{
	d->init(w->state);
	d->update(w->state, w->m.bytes, w->m.n);
	d->final(w->sum, w->state);
	w->m.n = 0;
}

/* Makes the digest that the rounds start from. */
static void begin(const struct digest *md5, struct work *w, const char *passwd, size_t passlen,
		  const char *salt, size_t saltlen)
{
	add(&w->m, passwd, passlen);
	add(&w->m, salt, saltlen);
	add(&w->m, passwd, passlen);
	digest(md5, w);

	add(&w->m, passwd, passlen);
	add(&w->m, "$apr1$", PREFIX);
	add(&w->m, salt, saltlen);
	for (size_t left = passlen; left; left -= left < 16 ? left : 16)
		add(&w->m, w->sum, left < 16 ? left : 16);
	/* A byte for each bit of the length: NUL for 1, the first of the password for 0. */
	for (size_t bits = passlen; bits; bits >>= 1)
		add(&w->m, bits & 1 ? "" : passwd, 1);
	digest(md5, w);
}

static void one_round(const struct digest *md5, struct work *w, int i, const char *passwd,
		      size_t passlen, const char *salt, size_t saltlen)
{
	if (i & 1)
		add(&w->m, passwd, passlen);
	else
		add(&w->m, w->sum, DIGEST_MD5_LENGTH);
	if (i % 3)
		add(&w->m, salt, saltlen);
	if (i % 7)
		add(&w->m, passwd, passlen);
	if (i & 1)
		add(&w->m, w->sum, DIGEST_MD5_LENGTH);
	else
		add(&w->m, passwd, passlen);
	digest(md5, w);
}

/* Writes n characters of crypt(3)'s alphabet, the lowest six bits first. Returns their end. */
static char *encode(char *ret, unsigned bits, int n)
{
	static const char alphabet[] =
		"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	for (; n; n--, bits >>= 6)
		*ret++ = alphabet[bits & 63];
	return ret;
}

void apache_apr1(const struct digest *md5, const char *passwd, size_t passlen, const char *hash,
		 char ret[APACHE_APR1_SIZE])
{
	const char *salt = hash + PREFIX;
	size_t saltlen = strcspn(salt, "$");
	struct work w = { 0 };
	char *p = ret + PREFIX + saltlen + 1;

	begin(md5, &w, passwd, passlen, salt, saltlen);
	for (int i = 0; i < ROUNDS; i++)
		one_round(md5, &w, i, passwd, passlen, salt, saltlen);

	memcpy(ret, hash, PREFIX + saltlen + 1);
	for (int i = 0; i < 5; i++)
		p = encode(p,
			   (unsigned)w.sum[i] << 16 | (unsigned)w.sum[i + 6] << 8 |
				   w.sum[i == 4 ? 5 : i + 12],
			   4);
	p = encode(p, w.sum[11], 2);
	*p = '\0';
	explicit_bzero(&w, sizeof(w));
}

/* Writes three bytes as four characters, the highest six bits first. */
static void base64(const uint8_t in[3], char out[4])
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = (unsigned)in[0] << 16 | (unsigned)in[1] << 8 | in[2];

	for (int i = 0; i < 4; i++)
		out[i] = alphabet[bits >> (18 - 6 * i) & 63];
}

void apache_sha(const struct digest *sha1, const char *passwd, size_t passlen,
		char ret[APACHE_SHA_SIZE])
{
	struct work w = { 0 };
	uint8_t sum[DIGEST_SHA1_LENGTH + 1] = { 0 };
	char *p = ret + 5;

	add(&w.m, passwd, passlen);
	digest(sha1, &w);
	memcpy(sum, w.sum, DIGEST_SHA1_LENGTH);
	memcpy(ret, "{SHA}", 5);
	for (size_t i = 0; i < sizeof(sum); i += 3, p += 4)
		base64(sum + i, p);
	memcpy(p - 1, "=", 2);
	explicit_bzero(&w, sizeof(w));
	explicit_bzero(sum, sizeof(sum));
}

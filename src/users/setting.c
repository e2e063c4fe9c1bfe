/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The costs of new hashes, and the encodings of their salts. crypt_gensalt(3) is not used, because
 * neither musl nor an old glibc has it, and because every build must give the same costs. Computes
 * no hash.
 */
#include "users/setting.h"

#include <stdbool.h>
#include <string.h>

/* Each costs 25 to 90 ms at a login, on the machine where they were measured. */
static const char yescrypt[] = "$y$j9T$", bcrypt[] = "$2y$10$", sha512[] = "$6$rounds=100000$";

/* $6$ takes a salt of 16 characters. */
enum { SHA512_BYTES = 12 };

static const char crypt64[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char bcrypt64[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* Three bytes become four characters, the lowest six bits first. */
static void low_first(char *p, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		unsigned bits = 0, len = 0;

		for (; len < 24 && i + len / 8 < n; len += 8)
			bits |= (unsigned)bytes[i + len / 8] << len;
		for (unsigned at = 0; at < len; at += 6)
			*p++ = crypt64[bits >> at & 63];
	}
	*p = '\0';
}

/* Three bytes become four characters, the highest six bits first. */
static void high_first(char *p, const uint8_t *bytes, size_t n)
{
	unsigned bits = 0, len = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | bytes[i];
		for (len += 8; len >= 6; len -= 6)
			*p++ = bcrypt64[bits >> (len - 6) & 63];
	}
	if (len)
		*p++ = bcrypt64[bits << (6 - len) & 63];
	*p = '\0';
}

void setting_format(enum pwhash_scheme scheme, const uint8_t random[SETTING_RANDOM],
		    char ret[SETTING_SIZE])
{
	switch (scheme) {
	case PWHASH_YESCRYPT:
		strcpy(ret, yescrypt);
		low_first(ret + strlen(ret), random, SETTING_RANDOM);
		break;
	case PWHASH_BCRYPT:
		strcpy(ret, bcrypt);
		high_first(ret + strlen(ret), random, SETTING_RANDOM);
		break;
	case PWHASH_SHA512:
		strcpy(ret, sha512);
		low_first(ret + strlen(ret), random, SHA512_BYTES);
		break;
	default:
		strcpy(ret, pwhash_cheapest(scheme));
	}
}

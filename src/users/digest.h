/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MD5 and SHA-1 of libmd, for Apache's own two schemes and for {CRAM-MD5}. Three files implement
 * it: one loads libmd when it is needed, one is linked with it, and one is for builds without it.
 */
#ifndef USERS_DIGEST_H
#define USERS_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum digest_kind { DIGEST_MD5, DIGEST_SHA1 };
enum {
	DIGEST_MD5_LENGTH = 16,
	DIGEST_SHA1_LENGTH = 20,
	DIGEST_STATE = 256, /* bytes for the state of either, aligned for any type */
};

/* The functions of the library for one kind of digest. It is never unloaded. */
struct digest {
	void (*init)(void *state);
	void (*update)(void *state, const uint8_t *p, size_t n);
	void (*final)(uint8_t *ret, void *state);
};

/*
 * Loads the library. Returns 0, -ELIBACC if it can't be loaded, or -ENOSYS if it lacks a function
 * or this build has no library.
 */
int digest_load(enum digest_kind kind, struct digest *ret);

/* The four words of a state of MD5 between two blocks of 64 bytes. */
struct digest_md5 {
	uint32_t word[4];
};

/* Copies the words from a state of MD5, which has digested whole blocks. */
void digest_md5_get(const void *state, struct digest_md5 *ret);

/* Puts these words, after n bytes, in a state of MD5 that has been initialised. */
void digest_md5_set(void *state, const struct digest_md5 *md5, size_t n);

/* Returns false if this build has no library. */
bool digest_is_built(void);

/* Returns the name of the library for messages: "libmd.so.0". */
const char *digest_name(void);

#endif

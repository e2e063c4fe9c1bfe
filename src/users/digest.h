/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MD5 and SHA-1 of libmd, for the two schemes of Apache's own. Three files implement it: loaded
 * when needed, linked, or not there at all.
 */
#ifndef USERS_DIGEST_H
#define USERS_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum digest_kind { DIGEST_MD5, DIGEST_SHA1 };
enum {
	DIGEST_MD5_LENGTH = 16,
	DIGEST_SHA1_LENGTH = 20,
	DIGEST_STATE = 256, /* bytes for the state of either, aligned for anything */
};

/* The library's functions for one kind. Nothing is unloaded. */
struct digest {
	void (*init)(void *state);
	void (*update)(void *state, const uint8_t *p, size_t n);
	void (*final)(uint8_t *ret, void *state);
};

/* 0; -ELIBACC: the library can't be loaded; -ENOSYS: it lacks a function, or we have no library. */
int digest_load(enum digest_kind kind, struct digest *ret);

/* The library's name for messages: "libmd.so.0". */
const char *digest_name(void);

#endif

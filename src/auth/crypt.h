/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system's crypt(3) behind one call. Two files implement it: one loads libcrypt when it is
 * first needed, the other is linked with it (a static program, and musl, whose libc has it).
 */
#ifndef AUTH_CRYPT_H
#define AUTH_CRYPT_H

#include <stddef.h>

/*
 * Scratch memory for one call: the largest struct crypt_data known (libxcrypt 32 KiB, old glibc
 * 128).
 */
enum { CRYPT_SCRATCH = 160 * 1024 };

/* The library's functions once they are found. Nothing is unloaded. */
struct crypt_lib {
	void *rn; /* crypt_rn(3), or NULL */
	void *r;  /* crypt_r(3) */
};

/* 0; -ELIBACC: the library is not there; -ENOSYS: it lacks what is needed. */
int crypt_load(struct crypt_lib *ret);

/*
 * Hashes the string passwd with the scheme, cost and salt of the string hash, which pwhash_judge()
 * has found good. scratch: CRYPT_SCRATCH zeroed bytes, aligned for anything; the caller wipes
 * them. The result lies in scratch; NULL: the library doesn't know the scheme, or memory ran out.
 * May take seconds.
 */
const char *crypt_hash(const struct crypt_lib *lib, const char *passwd, const char *hash,
		       void *scratch);

/* The library's name for messages: "libcrypt.so.1", or "libc" where it is linked. */
const char *crypt_name(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system's crypt(3). Three files implement it: one loads libcrypt when it is needed, one is
 * linked with it (a static program, or musl, whose libc has crypt), and one is for builds without
 * it.
 */
#ifndef USERS_CRYPT_H
#define USERS_CRYPT_H

#include <stddef.h>

/*
 * Bytes of scratch memory for one call: enough for the largest struct crypt_data known (libxcrypt:
 * 32 KiB, glibc: 128 KiB).
 */
enum { CRYPT_SCRATCH = 160 * 1024 };

/* The functions of the library. It is never unloaded. */
struct crypt_lib {
	/* crypt_rn(3); NULL if the library has only crypt_r(3) */
	char *(*rn)(const char *passwd, const char *hash, void *data, int size);
	/* crypt_r(3) */
	char *(*r)(const char *passwd, const char *hash, void *data);
};

/*
 * Loads the library. Returns 0, -ELIBACC if it can't be loaded, or -ENOSYS if it lacks both
 * functions or this build has no library.
 */
int crypt_load(struct crypt_lib *ret);

/*
 * Hashes the string passwd with the scheme, cost and salt of the string hash, which pwhash_judge()
 * has found good. scratch is CRYPT_SCRATCH bytes, all zero and aligned for any type; the caller
 * wipes them. Returns a string in scratch, or NULL with errno ENOMEM, or EINVAL if the library does
 * not know the scheme. May take seconds.
 */
const char *crypt_hash(const struct crypt_lib *lib, const char *passwd, const char *hash,
		       void *scratch);

/* Returns the name of the library for messages: "libcrypt.so.1". */
const char *crypt_name(void);

#endif

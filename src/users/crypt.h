/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system's crypt(3) behind one call. Three files implement it: libcrypt loaded when it is first
 * needed, linked (a static program; musl, whose libc has it), or not there at all.
 */
#ifndef USERS_CRYPT_H
#define USERS_CRYPT_H

#include <stddef.h>

/* Scratch memory of one call: the largest struct crypt_data known (libxcrypt 32 KiB, glibc 128). */
enum { CRYPT_SCRATCH = 160 * 1024 };

/* The library's functions, once they are found. Nothing is unloaded. */
struct crypt_lib {
	/* crypt_rn(3), or NULL where there is only the second */
	char *(*rn)(const char *passwd, const char *hash, void *data, int size);
	/* crypt_r(3) */
	char *(*r)(const char *passwd, const char *hash, void *data);
};

/*
 * 0; -ELIBACC: the library can't be loaded; -ENOSYS: it has no such function, or we have no
 * library.
 */
int crypt_load(struct crypt_lib *ret);

/*
 * Hashes the string passwd with scheme, cost and salt of the string hash, which pwhash_judge() has
 * found good. scratch: CRYPT_SCRATCH bytes, all zero, aligned for anything; the caller wipes them.
 * The result is a string in scratch; NULL with errno ENOMEM, or EINVAL: it doesn't know the
 * scheme. May take seconds.
 */
const char *crypt_hash(const struct crypt_lib *lib, const char *passwd, const char *hash,
		       void *scratch);

/* The library's name for messages: "libcrypt.so.1". */
const char *crypt_name(void);

#endif

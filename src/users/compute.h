/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computes a hash with the library that its scheme needs. Never compares the result. */
#ifndef USERS_COMPUTE_H
#define USERS_COMPUTE_H

#include "users/crypt.h"
#include "users/pwhash.h"

/*
 * Hashes the string passwd (its first 255 bytes) with the scheme, cost and salt of the string hash,
 * which is good and of that scheme. scratch is CRYPT_SCRATCH bytes, all zero and aligned for any
 * type; the caller wipes them. Returns 0, with the result in *ret, a string in scratch; -ENOSYS if
 * this system or this build does not know the scheme; -ELIBACC if *library can't be loaded; or
 * -ENOMEM.
 */
int compute_hash(enum pwhash_scheme scheme, const char *passwd, const char *hash, void *scratch,
		 const char **ret, const char **library);

#endif

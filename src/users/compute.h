/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One hash of a password, by whichever library its scheme needs. Nobody is compared here. */
#ifndef USERS_COMPUTE_H
#define USERS_COMPUTE_H

#include "users/crypt.h"
#include "users/pwhash.h"

/*
 * Hashes the string passwd (its first 255 bytes) with scheme, cost and salt of the string hash,
 * which is good and of that scheme. 0: *ret is the result, a string in scratch (CRYPT_SCRATCH
 * bytes, zero and aligned for anything; the caller wipes them). -ENOSYS: the system or this build
 * doesn't know the scheme; -ELIBACC: *library can't be loaded; -ENOMEM.
 */
int compute_hash(enum pwhash_scheme scheme, const char *passwd, const char *hash, void *scratch,
		 const char **ret, const char **library);

#endif

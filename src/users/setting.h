/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the string that tells compute_hash() how to hash a new password: the prefix, the cost and a
 * salt of a scheme. Pure: the caller supplies the random bytes.
 */
#ifndef USERS_SETTING_H
#define USERS_SETTING_H

#include "users/pwhash.h"

#include <stdint.h>

enum {
	SETTING_RANDOM = 16, /* random bytes for one salt */
	SETTING_SIZE = 40,   /* of the longest setting, with the NUL */
};

/*
 * Writes the setting of a new hash, with these random bytes as its salt: the bytes that libxcrypt's
 * crypt_gensalt(3) would write. The scheme is yescrypt, bcrypt, $6$, or one without a salt, whose
 * setting is its prefix. See "USERS FILE" in picosocks5.conf(5) for the costs.
 */
void setting_format(enum pwhash_scheme scheme, const uint8_t random[SETTING_RANDOM],
		    char ret[SETTING_SIZE]);

#endif

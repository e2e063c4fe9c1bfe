/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses the library that computes a scheme, and loads it: here and not earlier, so that a session
 * without a password, or with a hash of another kind, does not pay for it.
 */
#include "users/compute.h"
#include "users/apache.h"
#include "users/cram_md5.h"

#include <errno.h>
#include <string.h>

static int by_digest(enum pwhash_scheme scheme, const char *passwd, const char *hash, char *ret,
		     const char **library)
{
	size_t n = strnlen(passwd, 255);
	struct digest d;
	int err;

	*library = digest_name();
	err = digest_load(scheme == PWHASH_SHA ? DIGEST_SHA1 : DIGEST_MD5, &d);
	if (err < 0)
		return err;
	if (scheme == PWHASH_APR1)
		apache_apr1(&d, passwd, n, hash, ret);
	else if (scheme == PWHASH_CRAM_MD5)
		cram_md5_hash(&d, passwd, n, hash, ret);
	else
		apache_sha(&d, passwd, n, ret);
	return 0;
}

int compute_hash(enum pwhash_scheme scheme, const char *passwd, const char *hash, void *scratch,
		 const char **ret, const char **library)
{
	struct crypt_lib lib;
	int err;

	if (scheme == PWHASH_APR1 || scheme == PWHASH_SHA || scheme == PWHASH_CRAM_MD5) {
		*ret = scratch;
		return by_digest(scheme, passwd, hash, scratch, library);
	}
	*library = crypt_name();
	err = crypt_load(&lib);
	if (err < 0)
		return err;
	*ret = crypt_hash(&lib, passwd, hash, scratch);
	if (*ret)
		return 0;
	return errno == ENOMEM ? -ENOMEM : -ENOSYS;
}

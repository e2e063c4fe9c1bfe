/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads libcrypt when a password needs it, so that other sessions do not pay for it. Never includes
 * its header: the library that is found may be libxcrypt or an old glibc's, and its struct
 * crypt_data may differ from that of the library that this program was built with.
 */
#include "users/crypt.h"
#include "base/dlopen_note.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#define SONAME	    "libcrypt.so.1"
#define SONAME_ELSE "libcrypt.so.2"

DLOPEN_NOTE(note_libcrypt, "password", "Password hashes of crypt(5)", "recommended",
	    SONAME DLOPEN_OR SONAME_ELSE);

int crypt_load(struct crypt_lib *ret)
{
	void *lib = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	void *rn, *r;

	if (!lib)
		lib = dlopen(SONAME_ELSE, RTLD_NOW | RTLD_LOCAL);
	if (!lib)
		return -ELIBACC;
	rn = dlsym(lib, "crypt_rn");
	r = dlsym(lib, "crypt_r");
	/* ISO C has no cast from void * to a function; in POSIX both have one representation. */
	memcpy(&ret->rn, &rn, sizeof(rn));
	memcpy(&ret->r, &r, sizeof(r));
	return rn || r ? 0 : -ENOSYS;
}

const char *crypt_hash(const struct crypt_lib *lib, const char *passwd, const char *hash,
		       void *scratch)
{
	const char *made;

	errno = 0;
	if (lib->rn)
		made = lib->rn(passwd, hash, scratch, CRYPT_SCRATCH);
	else
		made = lib->r(passwd, hash, scratch);
	if (made && *made != '*')
		return made;
	if (errno != ENOMEM)
		errno = EINVAL;
	return NULL;
}

const char *crypt_name(void)
{
	return SONAME;
}

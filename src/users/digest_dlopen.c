/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads libmd when a password needs it, so that other sessions do not pay for it. */
#include "users/digest.h"
#include "base/dlopen_note.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#define SONAME "libmd.so.0"

DLOPEN_NOTE(note_libmd, "password", "Password hashes $apr1$ and {SHA}", "recommended", SONAME);

static const char *const names[][3] = {
	[DIGEST_MD5] = { "MD5Init", "MD5Update", "MD5Final" },
	[DIGEST_SHA1] = { "SHA1Init", "SHA1Update", "SHA1Final" },
};

int digest_load(enum digest_kind kind, struct digest *ret)
{
	void *lib = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	void *f[3];

	if (!lib)
		return -ELIBACC;
	for (int i = 0; i < 3; i++) {
		f[i] = dlsym(lib, names[kind][i]);
		if (!f[i])
			return -ENOSYS;
	}
	/* ISO C has no cast from void * to a function; in POSIX both have one representation. */
	memcpy(&ret->init, &f[0], sizeof(f[0]));
	memcpy(&ret->update, &f[1], sizeof(f[1]));
	memcpy(&ret->final, &f[2], sizeof(f[2]));
	return 0;
}

const char *digest_name(void)
{
	return SONAME;
}

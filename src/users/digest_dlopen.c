/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads libmd when a password needs it, so that other sessions do not pay for it. Needs no header
 * of the library: the functions and the layout of MD5's state are part of its binary interface.
 */
#include "users/digest.h"
#include "base/dlopen_note.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#define SONAME "libmd.so.0"

DLOPEN_NOTE(note_libmd, "password", "Password hashes $apr1$, {SHA} and {CRAM-MD5}; CHAP",
	    "recommended", SONAME);

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

/* The state, as struct MD5Context of <md5.h>. */
struct md5_state {
	uint32_t word[4];
	uint64_t bits;
	uint8_t buffer[64];
};

_Static_assert(sizeof(struct md5_state) <= DIGEST_STATE, "the state is too small");

void digest_md5_get(const void *state, struct digest_md5 *ret)
{
	memcpy(ret->word, ((const struct md5_state *)state)->word, sizeof(ret->word));
}

void digest_md5_set(void *state, const struct digest_md5 *md5, size_t n)
{
	struct md5_state *s = state;

	memcpy(s->word, md5->word, sizeof(s->word));
	s->bits = (uint64_t)n * 8;
}

bool digest_is_built(void)
{
	return true;
}

const char *digest_name(void)
{
	return SONAME;
}

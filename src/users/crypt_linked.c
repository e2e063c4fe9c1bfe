/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypt_r() of the library that the program is linked with. No other file includes its header. */
#include "users/crypt.h"

#include <crypt.h>
#include <errno.h>

_Static_assert(sizeof(struct crypt_data) <= CRYPT_SCRATCH, "the scratch memory is too small");

int crypt_load(struct crypt_lib *ret)
{
	*ret = (struct crypt_lib){ 0 };
	return 0;
}

const char *crypt_hash(const struct crypt_lib *lib, const char *passwd, const char *hash,
		       void *scratch)
{
	const char *made;

	(void)lib;
	errno = 0;
	made = crypt_r(passwd, hash, scratch);
	if (made && *made != '*')
		return made;
	if (errno != ENOMEM)
		errno = EINVAL;
	return NULL;
}

const char *crypt_name(void)
{
	return "crypt";
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a build without crypt(3): it can only check Apache's own schemes. */
#include "users/crypt.h"

#include <errno.h>

int crypt_load(struct crypt_lib *ret)
{
	*ret = (struct crypt_lib){ 0 };
	return -ENOSYS;
}

const char *crypt_hash(const struct crypt_lib *lib, const char *passwd, const char *hash,
		       void *scratch)
{
	(void)lib;
	(void)passwd;
	(void)hash;
	(void)scratch;
	errno = EINVAL;
	return NULL;
}

const char *crypt_name(void)
{
	return "crypt";
}

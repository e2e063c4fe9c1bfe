/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a build without libmd: it can check neither Apache's own schemes nor {CRAM-MD5}. */
#include "users/digest.h"

#include <errno.h>

int digest_load(enum digest_kind kind, struct digest *ret)
{
	(void)kind;
	*ret = (struct digest){ 0 };
	return -ENOSYS;
}

void digest_md5_get(const void *state, struct digest_md5 *ret)
{
	(void)state;
	*ret = (struct digest_md5){ 0 };
}

void digest_md5_set(void *state, const struct digest_md5 *md5, size_t n)
{
	(void)state;
	(void)md5;
	(void)n;
}

bool digest_is_built(void)
{
	return false;
}

const char *digest_name(void)
{
	return "libmd";
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For builds without GSS-API: nothing can be loaded, so nothing else is ever called. */
#include "layer/gssapi.h"

#include <errno.h>

bool gssapi_is_built(void)
{
	return false;
}

int gssapi_open(struct gssapi *g, const char *keytab)
{
	(void)g;
	(void)keytab;
	return -ENOSYS;
}

int gssapi_accept(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *answer)
{
	(void)g;
	(void)token;
	(void)n;
	(void)answer;
	return -EACCES;
}

int gssapi_user(struct gssapi *g, struct gssapi_bytes *name)
{
	(void)g;
	(void)name;
	return -EACCES;
}

void gssapi_forget_credentials(struct gssapi *g)
{
	(void)g;
}

int gssapi_wrap(struct gssapi *g, bool confidential, const void *bytes, size_t n,
		struct gssapi_bytes *token)
{
	(void)g;
	(void)confidential;
	(void)bytes;
	(void)n;
	(void)token;
	return -EIO;
}

int gssapi_unwrap(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *bytes,
		  struct gssapi_seen *seen)
{
	(void)g;
	(void)token;
	(void)n;
	(void)bytes;
	(void)seen;
	return -EBADMSG;
}

size_t gssapi_room(struct gssapi *g, bool confidential, size_t size)
{
	(void)g;
	(void)confidential;
	(void)size;
	return 0;
}

void gssapi_release(struct gssapi_bytes *b)
{
	(void)b;
}

void gssapi_close(struct gssapi *g)
{
	(void)g;
}

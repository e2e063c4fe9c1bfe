/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For builds without TLS: nothing can be loaded, so nothing else is ever called. */
#include "layer/libssl.h"

#include <errno.h>
#include <string.h>

bool libssl_is_built(void)
{
	return false;
}

int libssl_open(struct libssl *l, const struct libssl_files *files)
{
	(void)files;
	strcpy(l->words, "this build has no TLS");
	return -ENOSYS;
}

int libssl_handshake(struct libssl *l)
{
	(void)l;
	return -EBADMSG;
}

void libssl_forget_key(struct libssl *l)
{
	(void)l;
}

void libssl_stop_wiping(struct libssl *l)
{
	(void)l;
}

const char *libssl_version(const struct libssl *l)
{
	(void)l;
	return "";
}

ssize_t libssl_peer_name(const struct libssl *l, char *name, size_t size)
{
	(void)l;
	(void)name;
	(void)size;
	return -ENOENT;
}

ssize_t libssl_read(struct libssl *l, void *buf, size_t n)
{
	(void)l;
	(void)buf;
	(void)n;
	return -EBADMSG;
}

bool libssl_has_input(const struct libssl *l)
{
	(void)l;
	return false;
}

ssize_t libssl_write(struct libssl *l, const void *buf, size_t n)
{
	(void)l;
	(void)buf;
	(void)n;
	return -EIO;
}

void libssl_rest(void)
{
}

void libssl_end(struct libssl *l)
{
	(void)l;
}

int libssl_inspect(const struct libssl *l, enum libssl_owner owner, int i,
		   struct libssl_certificate *ret)
{
	(void)l;
	(void)owner;
	(void)i;
	(void)ret;
	return -ENOENT;
}

void libssl_close(struct libssl *l)
{
	(void)l;
}

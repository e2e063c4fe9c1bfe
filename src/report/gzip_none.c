/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a build without zlib: unpacks nothing, and says so. */
#include "report/gzip.h"

#include <errno.h>

int gzip_open(struct gzip **ret, int fd, const void *head, size_t n)
{
	(void)fd;
	(void)head;
	(void)n;
	*ret = NULL;
	return -ENOSYS;
}

ssize_t gzip_read(struct gzip *g, void *buf, size_t n)
{
	(void)g;
	(void)buf;
	(void)n;
	return -ENOSYS;
}

void gzip_close(struct gzip *g)
{
	(void)g;
}

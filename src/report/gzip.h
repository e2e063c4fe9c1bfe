/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gzip packed (RFC 1952), by zlib, or not at all in a build without zlib. */
#ifndef REPORT_GZIP_H
#define REPORT_GZIP_H

#include <stddef.h>
#include <sys/types.h>

struct gzip;

/*
 * Begins to read a file whose first n bytes (head, at most 64) have been read already. The caller
 * keeps fd open. Returns 0, -ENOMEM, or -ENOSYS if this build has no zlib.
 */
int gzip_open(struct gzip **ret, int fd, const void *head, size_t n);

/*
 * Reads up to n bytes of what was packed, of all members of the file. Returns how many, 0 at the
 * end, -EBADMSG if the file is damaged, -ENODATA if its end is missing, -ENOMEM, or the negative
 * errno of read(2).
 */
ssize_t gzip_read(struct gzip *g, void *buf, size_t n);

/* Frees g, which may be NULL. Does not close its descriptor. */
void gzip_close(struct gzip *g);

#endif

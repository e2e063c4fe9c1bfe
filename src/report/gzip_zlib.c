/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unpacks with zlib, block by block: memory stays the same, however much comes out. Never reads
 * lines.
 */
#include "report/gzip.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

struct gzip {
	z_stream z;
	int fd;
	bool between; /* a member has ended */
	bool padding; /* zeros follow the last member */
	unsigned char in[64 << 10];
};

int gzip_open(struct gzip **ret, int fd, const void *head, size_t n)
{
	struct gzip *g = calloc(1, sizeof(*g));

	*ret = g;
	if (!g)
		return -ENOMEM;
	g->fd = fd;
	memcpy(g->in, head, n);
	g->z.next_in = g->in;
	g->z.avail_in = (uInt)n;
	/* The largest window, and 16: the header of gzip. */
	if (inflateInit2(&g->z, MAX_WBITS + 16) == Z_OK)
		return 0;
	free(g);
	*ret = NULL;
	return -ENOMEM;
}

void gzip_close(struct gzip *g)
{
	if (!g)
		return;
	inflateEnd(&g->z);
	free(g);
}

/* Reads the next block of the file. Returns 1, 0 at its end, or a negative errno. */
static int fill(struct gzip *g)
{
	ssize_t n;

	if (g->z.avail_in)
		return 1;
	do
		n = read(g->fd, g->in, sizeof(g->in));
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	g->z.next_in = g->in;
	g->z.avail_in = (uInt)n;
	return 1;
}

/* Goes on to the next member, or over the zeros behind the last one. */
static int next_member(struct gzip *g)
{
	if (!g->padding && *g->z.next_in != 0) {
		g->between = false;
		return inflateReset(&g->z) == Z_OK ? 0 : -EBADMSG;
	}
	g->padding = true;
	for (; g->z.avail_in; g->z.avail_in--)
		if (*g->z.next_in++ != 0)
			return -EBADMSG;
	return 0;
}

/* Unpacks what has been read. Returns 0 or a negative errno. */
static int unpack(struct gzip *g)
{
	switch (inflate(&g->z, Z_NO_FLUSH)) {
	case Z_STREAM_END:
		g->between = true;
		return 0;
	case Z_OK:
	case Z_BUF_ERROR: /* more has to be read */
		return 0;
	case Z_MEM_ERROR:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}

ssize_t gzip_read(struct gzip *g, void *buf, size_t n)
{
	int err = 0;

	g->z.next_out = buf;
	g->z.avail_out = (uInt)n;
	while (g->z.avail_out == n && !err) {
		int more = fill(g);

		if (more < 0)
			return more;
		if (more == 0)
			return g->between ? 0 : -ENODATA;
		err = g->between ? next_member(g) : unpack(g);
	}
	return err ? err : (ssize_t)(n - g->z.avail_out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For stream.c: reads, writes and ends a stream that has a layer, with the contracts of stream.h.
 * Reads nothing past the layer.
 */
#ifndef BASE_LAYERED_H
#define BASE_LAYERED_H

#include "base/stream.h"

ssize_t layered_read(const struct stream *s, void *buf, size_t n, int64_t deadline_ms);

/* Writes all n bytes, and all that the layer keeps. wait() waits as wait_fd() does. */
int layered_write(const struct stream *s, const void *buf, size_t n, int64_t deadline_ms,
		  int (*wait)(int fd, short events, int64_t deadline_ms));

/* Sends the end of the output. Does not end the descriptor. Returns 0, -EAGAIN, or -errno. */
int layered_end(const struct stream *s);

#endif

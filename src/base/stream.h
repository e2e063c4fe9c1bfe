/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's byte stream during the conversation. Reads no more than it is asked for, so the
 * bytes behind a message stay in the kernel. Never changes the flags of the descriptors, because
 * other processes may share them.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include "base/layer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The descriptors of a byte stream. */
struct stream {
	int in, out;	/* the same for a socket */
	bool is_socket; /* in and out are one connected stream socket */
	bool is_tcp;	/* that socket is a TCP socket */
	/* what wraps the bytes that the functions below read and write; NULL: nothing */
	struct layer *layer;
};

/* Returns true if the layer, if there is one, can be read without a wait. */
static inline bool stream_has_input(const struct stream *s)
{
	return s->layer && s->layer->has_input(s->layer);
}

/* Returns true if the layer, if there is one, keeps bytes to send. */
static inline bool stream_has_output(const struct stream *s)
{
	return s->layer && s->layer->has_output(s->layer);
}

/*
 * Reads 1 to n bytes by the deadline. Returns their number; 0 at the end of file; or a negative
 * errno, which may be one of wait_poll(), or one of the layer.
 */
ssize_t stream_read(const struct stream *s, void *buf, size_t n, int64_t deadline_ms);

/*
 * Waits by the deadline for bytes of a socket without a layer, and copies up to n of them, which
 * stay in the kernel. Returns as stream_read() does, or -EOPNOTSUPP for any other stream.
 */
ssize_t stream_peek(const struct stream *s, void *buf, size_t n, int64_t deadline_ms);

/* Writes all n bytes by the deadline. Returns 0, or a negative errno. */
int stream_write(const struct stream *s, const void *buf, size_t n, int64_t deadline_ms);

/*
 * Writes the last n bytes, which neither signals nor the lifetime interrupt. Gives up after two
 * seconds if the client does not read. Returns 0, or a negative errno.
 */
int stream_write_last(const struct stream *s, const void *buf, size_t n);

/*
 * Read and write once, past the layer, without waiting: a layer moves its own bytes with them.
 * Return the number of bytes, 0 at the end of file, -EAGAIN if the descriptor is not ready, or
 * another -errno.
 */
ssize_t stream_take(const struct stream *s, void *buf, size_t n);
ssize_t stream_give(const struct stream *s, void *p, size_t n);

/* Does the same through the layer, if there is one: with the layer's errors, too. */
static inline ssize_t stream_pull(const struct stream *s, void *buf, size_t n)
{
	return s->layer ? s->layer->read(s->layer, buf, n) : stream_take(s, buf, n);
}

static inline ssize_t stream_push(const struct stream *s, void *p, size_t n)
{
	return s->layer ? s->layer->write(s->layer, p, n) : stream_give(s, p, n);
}

/*
 * Ends the output, so that the reader sees the end of file. Does not wait. Returns 0; -EAGAIN if
 * the layer has bytes to send first: call again when the descriptor is writable; or another
 * negative errno: then the output has ended without them.
 */
int stream_end(const struct stream *s);

/* Ends the output at once. What the layer keeps is lost. Returns 0, or a negative errno. */
int stream_shut(const struct stream *s);

/*
 * Ends the stream in order: ends the output, then reads and drops input for a bounded time and
 * size. Otherwise unread input would turn our end into a reset, which could destroy the last reply.
 */
void stream_close(const struct stream *s);

/* Returns, in words, why a function of this stream has failed with this negative errno. */
const char *stream_why(const struct stream *s, int err);

#endif

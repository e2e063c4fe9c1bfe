/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's byte stream during the conversation: reads no more than it is asked for, so that
 * what follows a message stays in the kernel. Leaves the descriptors' flags alone, for they may
 * be shared with others.
 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The descriptors of a byte stream. */
struct stream {
	int in, out;	/* the same for a socket */
	bool is_socket; /* one connected stream socket both ways */
	bool is_tcp;	/* of IPv4 or IPv6 */
};

/*
 * Reads 1 to n bytes by the deadline. Returns how many; 0 at the end of file; or -errno, that of
 * wait_poll() among them.
 */
ssize_t stream_read(const struct stream *s, void *buf, size_t n, int64_t deadline_ms);

/* Writes all n bytes by the deadline. Returns 0 or -errno. */
int stream_write(const struct stream *s, const void *buf, size_t n, int64_t deadline_ms);

/*
 * The same for the last words, which neither signals nor the lifetime cut off: a client that
 * doesn't read them holds us for two seconds.
 */
int stream_write_last(const struct stream *s, const void *buf, size_t n);

/* Ends the output: the reader sees the end of file. Returns 0 or -errno. */
int stream_end(const struct stream *s);

/*
 * Ends the stream in order: no more output, then reads and drops what still comes, for a bounded
 * time and size, so that unread input does not turn our end into a reset and eat the last reply.
 */
void stream_close(const struct stream *s);

#endif

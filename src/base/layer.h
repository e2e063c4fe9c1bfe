/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can wrap the bytes of a stream: a protocol that protects all that the client sends and gets.
 * This is the interface that a stream and the relays see. Each implementation is in layer/. None of
 * its functions ever waits: they move bytes by stream_take() and stream_give().
 */
#ifndef BASE_LAYER_H
#define BASE_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A wrapper of single datagrams. Both functions read n bytes at in, write at most size bytes to
 * out, which does not overlap, and return the number of bytes written, which may be 0; or -EMSGSIZE
 * if size is too small; or, from unwrap, -EBADMSG if the datagram does not verify; or another
 * -errno.
 */
struct datagram_layer {
	ssize_t (*wrap)(struct datagram_layer *l, const void *in, size_t n, void *out, size_t size);
	ssize_t (*unwrap)(struct datagram_layer *l, const void *in, size_t n, void *out,
			  size_t size);
	bool in_use; /* the caller sets it before the client can send datagrams */
};

struct layer {
	/*
	 * Reads 1 to n bytes of payload. Returns their number; 0 at the end of the stream, if the
	 * layer ended in order; -EAGAIN if there is no payload yet: call again when the descriptor
	 * is readable, or at once if has_input() is true; -EBADMSG if the bytes are not of this
	 * layer, do not verify, or end too early; or another -errno. Payload that came before an
	 * end or an error is returned first. May keep bytes for flush().
	 */
	ssize_t (*read)(struct layer *l, void *buf, size_t n);
	/*
	 * Takes 1 to n bytes of payload, and sends as much of their wrapped form as the descriptor
	 * takes; keeps the rest for flush(). Returns the number of bytes taken; -EAGAIN if the
	 * layer still keeps bytes that the descriptor does not take; or another -errno.
	 */
	ssize_t (*write)(struct layer *l, const void *buf, size_t n);
	/* Sends what is kept. Returns 0 if nothing is left, -EAGAIN, or another -errno. */
	int (*flush)(struct layer *l);
	/*
	 * Wraps the end of the output, and keeps it for flush(). Nothing is written afterwards, and
	 * reading goes on. A second call does nothing. Returns 0; -EAGAIN if other bytes have to be
	 * sent first: call again when the descriptor is writable; or another -errno. NULL: the end
	 * of the descriptor is the end.
	 */
	int (*end)(struct layer *l);
	/*
	 * Returns true if read() would do something without a byte from the descriptor: it has
	 * payload, an end, an error, or bytes that it has not looked at.
	 */
	bool (*has_input)(const struct layer *l);
	/* Returns true if flush() has bytes to send. */
	bool (*has_output)(const struct layer *l);
	/*
	 * Returns, in words, why a function has failed, or NULL if the errno says it all. The words
	 * stay valid. May be NULL.
	 */
	const char *(*why)(const struct layer *l);
	/* Gives back the memory that it does not need while nothing moves. May be NULL. */
	void (*rest)(struct layer *l);
	/* What wraps the datagrams of UDP ASSOCIATE; NULL: nothing. */
	struct datagram_layer *datagrams;
};

#endif

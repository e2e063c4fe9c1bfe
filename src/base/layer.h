/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can wrap the bytes of a stream: a protocol that protects all that the client sends and gets.
 * This is the interface that a stream sees. Each implementation is in layer/. None of its functions
 * ever waits.
 */
#ifndef BASE_LAYER_H
#define BASE_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct layer {
	/*
	 * Reads 1 to n bytes of payload. Returns their number; 0 at the end of the stream, if the
	 * layer ended in order; -EAGAIN if the descriptor must become readable first; -EBADMSG if
	 * the bytes are not of this layer, do not verify, or end too early; or another -errno.
	 */
	ssize_t (*read)(struct layer *l, void *buf, size_t n);
	/*
	 * Takes 1 to n bytes of payload, and sends as much of their wrapped form as the descriptor
	 * takes; keeps the rest for flush(). Returns the number of bytes taken; -EAGAIN if the
	 * layer still keeps bytes that the descriptor does not take; or another -errno.
	 */
	ssize_t (*write)(struct layer *l, const void *buf, size_t n);
	/* Sends what write() has kept. Returns 0 if nothing is left, -EAGAIN, or another -errno. */
	int (*flush)(struct layer *l);
	/* Returns true if read() would return without a byte from the descriptor. */
	bool (*has_input)(const struct layer *l);
	/* Returns true if flush() has bytes to send. */
	bool (*has_output)(const struct layer *l);
};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipe through which one TCP socket hands its bytes to another, uncopied, in the kernel's own
 * pages. Only for bulk: a user has room for a few dozens of large pipes, and small ones are worse
 * than a buffer.
 */
#ifndef RELAY_PIPE_H
#define RELAY_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What any user may have. */
enum { PIPE_SIZE = 1024 * 1024 };

/* Zero is none: 0 is the client's descriptor. */
struct pipe {
	int in, out;
};

/*
 * Makes one of PIPE_SIZE; the two sockets will not block from now on. False if there is none
 * to be had.
 */
bool pipe_open(struct pipe *p, int from, int to);

/*
 * Takes what the socket has into the pipe, which is empty; as recv(2), but 0 and EAGAIN may also
 * mean that urgent data comes next.
 */
ssize_t pipe_fill(const struct pipe *p, int from);

/* Gives up to n bytes of it to the socket; as send(2). */
ssize_t pipe_drain(const struct pipe *p, int to, size_t n);

/* What it held is lost. */
void pipe_close(struct pipe *p);

#endif

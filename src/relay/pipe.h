/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipe through which one TCP socket hands its bytes to another without a copy, in the kernel's
 * own pages. For bulk only: a user can have a few dozen large pipes, and a small one is slower than
 * a buffer.
 */
#ifndef RELAY_PIPE_H
#define RELAY_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The largest pipe that any user may have by default. */
enum { PIPE_SIZE = 1024 * 1024 };

/* 0 means no pipe: descriptor 0 is always the client's. */
struct pipe {
	int in, out;
};

/*
 * Makes a pipe of PIPE_SIZE, and both sockets non-blocking. Returns false if no such pipe can be
 * had.
 */
bool pipe_open(struct pipe *p, int from, int to);

/*
 * Moves the bytes that the socket has into the pipe, which must be empty. Returns what recv(2)
 * would, but 0 and EAGAIN can also mean that urgent data comes next.
 */
ssize_t pipe_fill(const struct pipe *p, int from);

/* Moves up to n bytes from the pipe to the socket. Returns what send(2) would. */
ssize_t pipe_drain(const struct pipe *p, int to, size_t n);

/* Closes the pipe. The bytes in it are lost. */
void pipe_close(struct pipe *p);

#endif

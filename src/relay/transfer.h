/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For flow.c: moves bytes once, in the way of each side: a layer, a socket, a file, or the pipe. */
#ifndef RELAY_TRANSFER_H
#define RELAY_TRANSFER_H

#include "relay/flow.h"

/*
 * Reads into the pipe if there is one, else up to step bytes into the buffer. Sets *most to what it
 * asked for. Returns the number of bytes, 0 at the end of file, or -errno.
 */
ssize_t transfer_in(struct flow *f, size_t step, size_t *most);

/*
 * Writes bytes that are buffered; if there are none, what the layer of to keeps. Returns the number
 * of those that were buffered, or -errno.
 */
ssize_t transfer_out(struct flow *f);

#endif

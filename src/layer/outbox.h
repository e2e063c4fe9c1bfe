/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each layer has besides its protocol: the stream below it, and wrapped bytes that the stream
 * has not taken yet. Never looks into them.
 */
#ifndef LAYER_OUTBOX_H
#define LAYER_OUTBOX_H

#include "base/stream.h"

struct outbox {
	struct stream below; /* of which input is read, too */
	uint8_t *buf;
	size_t at, len; /* the part of buf that is to be sent */
	size_t used;	/* the most bytes in buf since the layer was at rest */
};

/* Notes that n bytes of memory are in use. */
void outbox_note(struct outbox *o, size_t n);

/*
 * Sends the bytes up to buf[end]. Returns 0; -EAGAIN if some are left; or another -errno: then
 * nothing is left, because it must not arrive later, when the session has failed.
 */
int outbox_send(struct outbox *o, size_t end);

/* Sends all bytes, and those that the layer below keeps. Returns what outbox_send() does. */
int outbox_flush(struct outbox *o);

/* Returns true if outbox_flush() has bytes to send. */
bool outbox_has(const struct outbox *o);

/* Returns, in words, why the layer below has failed, or NULL. */
const char *outbox_why(const struct outbox *o);

/* Lets the layer below give its memory back. */
void outbox_rest(const struct outbox *o);

/*
 * Gives n bytes of memory back, if nothing is to be sent. Does nothing if at most a page was in
 * use, which is not worth a system call.
 */
void outbox_release(struct outbox *o, void *memory, size_t n);

#endif

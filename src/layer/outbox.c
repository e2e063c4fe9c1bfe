/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends what layers have wrapped. Never waits. */
#include "layer/outbox.h"

#include <errno.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

void outbox_note(struct outbox *o, size_t n)
{
	if (n > o->used)
		o->used = n;
}

int outbox_send(struct outbox *o, size_t end)
{
	while (o->at < end) {
		ssize_t put = stream_push(&o->below, o->buf + o->at, end - o->at);

		if (put < 0 && put != -EAGAIN)
			o->at = o->len;
		if (put < 0)
			return (int)put;
		o->at += (size_t)put;
	}
	return 0;
}

int outbox_flush(struct outbox *o)
{
	struct layer *below = o->below.layer;
	int err = outbox_send(o, o->len);

	return !err && below ? below->flush(below) : err;
}

bool outbox_has(const struct outbox *o)
{
	return o->at < o->len || stream_has_output(&o->below);
}

const char *outbox_why(const struct outbox *o)
{
	const struct layer *below = o->below.layer;

	return below && below->why ? below->why(below) : NULL;
}

void outbox_rest(const struct outbox *o)
{
	struct layer *below = o->below.layer;

	if (below && below->rest)
		below->rest(below);
}

void outbox_release(struct outbox *o, void *memory, size_t n)
{
	if (o->at < o->len || o->used <= PAGE)
		return;
	madvise(memory, n, MADV_DONTNEED);
	o->used = 0;
}

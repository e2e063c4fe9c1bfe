/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * toy_layer.h - a layer for tests of all that uses one. A message is a kind, the length of its
 * payload (two bytes), a checksum, and the payload, of which each byte is inverted:
 *
 *	D  payload
 *	Q  none; it asks for an A, which read() leaves to be sent
 *	A  none
 *	E  none; the end of the stream
 *
 * It can be cut anywhere and damaged. It is made to be slow on demand: to read or to send a byte at
 * a time, and to have bytes that it has read early.
 */
#ifndef TOY_LAYER_H
#define TOY_LAYER_H

#include "base/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { TOY_HEAD = 4, TOY_MESSAGE = 60000, TOY_ROOM = 3 * 65536 };

struct toy {
	struct layer layer;
	const struct stream *s;
	size_t take_max, give_max; /* bytes a system call; 0: no limit */
	bool must_end;		   /* an end of file without E is not an end in order */
	bool lazy;		   /* read() looks at one message a call */
	uint8_t in[TOY_ROOM], out[TOY_ROOM];
	size_t n_in, n_out;
	size_t payload; /* bytes of the first message in in[] that read() has not returned yet */
	bool eof, ended, broken;
	int ended_out;	 /* calls of end() */
	unsigned rested; /* calls of rest() */
};

static inline uint8_t toy_sum(const uint8_t *p, size_t n)
{
	uint8_t sum = 7;

	while (n--)
		sum = (uint8_t)(sum * 31 + *p++);
	return sum;
}

/* Writes a message. Returns its length. */
static inline size_t toy_encode(uint8_t *buf, char kind, const void *payload, size_t n)
{
	const uint8_t *p = payload;

	buf[0] = (uint8_t)kind;
	buf[1] = (uint8_t)(n >> 8);
	buf[2] = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		buf[TOY_HEAD + i] = (uint8_t)~p[i];
	buf[3] = toy_sum(buf + TOY_HEAD, n);
	return TOY_HEAD + n;
}

/* Returns true if the n bytes at p begin with a whole message, or with none at all. */
static inline bool toy_is_whole(const uint8_t *p, size_t n)
{
	return n && (!memchr("DQAE", p[0], 4) ||
		     (n >= TOY_HEAD && n >= TOY_HEAD + ((size_t)p[1] << 8 | p[2])));
}

/*
 * Decodes the message at p, once. Returns its length, 0 if it is not whole, or -EBADMSG. The
 * payload is then in its place.
 */
static inline ssize_t toy_decode(uint8_t *p, size_t n)
{
	size_t len;

	if (!toy_is_whole(p, n))
		return 0;
	if (!memchr("DQAE", p[0], 4))
		return -EBADMSG;
	len = (size_t)p[1] << 8 | p[2];
	if (toy_sum(p + TOY_HEAD, len) != p[3])
		return -EBADMSG;
	for (size_t i = TOY_HEAD; i < TOY_HEAD + len; i++)
		p[i] = (uint8_t)~p[i];
	return (ssize_t)(TOY_HEAD + len);
}

static inline int toy_flush(struct layer *l)
{
	struct toy *t = (struct toy *)l;

	while (t->n_out) {
		size_t most = t->give_max && t->give_max < t->n_out ? t->give_max : t->n_out;
		ssize_t n = stream_give(t->s, t->out, most);

		if (n < 0)
			return (int)n;
		t->n_out -= (size_t)n;
		memmove(t->out, t->out + n, t->n_out);
		if (t->give_max && t->n_out)
			return -EAGAIN;
	}
	return 0;
}

static inline ssize_t toy_write(struct layer *l, const void *buf, size_t n)
{
	struct toy *t = (struct toy *)l;
	size_t some = n < TOY_MESSAGE ? n : TOY_MESSAGE;

	if (t->n_out && toy_flush(l) < 0)
		return toy_flush(l);
	t->n_out = toy_encode(t->out, 'D', buf, some);
	toy_flush(l);
	return (ssize_t)some;
}

/* Removes bytes from the beginning of what was read. */
static inline void toy_drop(struct toy *t, size_t n)
{
	t->n_in -= n;
	memmove(t->in, t->in + n, t->n_in);
}

/* Returns 1 if a message was taken from in[], 0 if there is no whole one, or -EBADMSG. */
static inline int toy_next(struct toy *t)
{
	ssize_t n = toy_decode(t->in, t->n_in);
	char kind = (char)t->in[0];

	if (n <= 0)
		return (int)n;
	toy_drop(t, TOY_HEAD);
	if (kind == 'D')
		t->payload = (size_t)n - TOY_HEAD;
	else if (kind == 'Q')
		t->n_out += toy_encode(t->out + t->n_out, 'A', NULL, 0);
	else if (kind == 'E')
		t->ended = true;
	return 1;
}

static inline ssize_t toy_read(struct layer *l, void *buf, size_t n)
{
	struct toy *t = (struct toy *)l;

	while (!t->payload && !t->ended && !t->broken) {
		size_t room = sizeof(t->in) - t->n_in;
		int next = toy_next(t);
		ssize_t got;

		t->broken = next < 0 || (!next && t->eof && (t->n_in || t->must_end));
		t->ended |= !next && t->eof && !t->broken;
		if (t->lazy && next && !t->payload && !t->ended)
			return -EAGAIN;
		if (next || t->eof)
			continue;
		if (t->take_max && t->take_max < room)
			room = t->take_max;
		got = stream_take(t->s, t->in + t->n_in, room);
		if (got < 0)
			return got;
		t->eof = got == 0;
		t->n_in += (size_t)got;
		/* A part of a message is no reason to stay. */
		if (t->take_max && got && !toy_is_whole(t->in, t->n_in))
			return -EAGAIN;
	}
	if (!t->payload)
		return t->broken ? -EBADMSG : 0;
	n = n < t->payload ? n : t->payload;
	memcpy(buf, t->in, n);
	toy_drop(t, n);
	t->payload -= n;
	return (ssize_t)n;
}

static inline int toy_end(struct layer *l)
{
	struct toy *t = (struct toy *)l;

	if (!t->ended_out++)
		t->n_out += toy_encode(t->out + t->n_out, 'E', NULL, 0);
	return 0;
}

static inline bool toy_has_input(const struct layer *l)
{
	const struct toy *t = (const struct toy *)l;

	return t->payload || t->ended || t->broken || t->eof || toy_is_whole(t->in, t->n_in);
}

static inline bool toy_has_output(const struct layer *l)
{
	return ((const struct toy *)l)->n_out;
}

static inline const char *toy_why(const struct layer *l)
{
	return ((const struct toy *)l)->broken ? "toy: damaged, or not whole" : NULL;
}

static inline void toy_rest(struct layer *l)
{
	((struct toy *)l)->rested++;
}

/* Puts the layer around the stream. */
static inline void toy_wrap(struct toy *t, struct stream *s)
{
	static const struct layer layer = { .read = toy_read,
					    .write = toy_write,
					    .flush = toy_flush,
					    .end = toy_end,
					    .has_input = toy_has_input,
					    .has_output = toy_has_output,
					    .why = toy_why,
					    .rest = toy_rest };

	memset(t, 0, sizeof(*t));
	t->layer = layer;
	t->s = s;
	s->layer = &t->layer;
}

#endif

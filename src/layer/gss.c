/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads and writes the frames of protected data, each to its last byte and no further. The library
 * makes and verifies the tokens; nothing here looks into them.
 */
#include "layer/gss.h"
#include "layer/gss_datagrams.h"
#include "layer/outbox.h"
#include "wire/gssframe.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

struct gss {
	struct layer layer;
	struct gss_datagrams datagrams; /* the protection */
	size_t room;			/* the most payload that fits into one frame */
	const char *why;		/* why the input is refused from now on; NULL: it is not */
	struct gssapi_bytes plain;	/* the payload of the last frame */
	size_t at;			/* how much of it has been read */
	size_t in_len;			/* how much of the next frame is in `in` */
	struct outbox out;		/* what it says of its use counts `in`, too */
	_Alignas(PAGE) uint8_t in[GSSFRAME_MAX];
	_Alignas(PAGE) uint8_t frame[GSSFRAME_MAX]; /* of `out` */
};

/* Refuses the input from now on, and the payload of the frame that is being looked at. */
static int refuse(struct gss *l, const char *why)
{
	gssapi_release(&l->plain);
	l->why = why;
	return -EBADMSG;
}

/* Reads the whole frame. Returns 1; 0 at the end of the stream between two frames; or -errno. */
static int fill(struct gss *l, struct gssframe *frame)
{
	ssize_t got;
	int need;

	while ((need = gssframe_decode(l->in, l->in_len, frame)) > 0) {
		/* A frame that has no such header is refused anyway. */
		if (l->in_len < GSSFRAME_HEADER)
			need = (int)(GSSFRAME_HEADER - l->in_len);
		got = stream_pull(&l->out.below, l->in + l->in_len, (size_t)need);
		if (got < 0 || (got == 0 && !l->in_len))
			return (int)got;
		if (got == 0)
			return refuse(l, "GSS-API: the stream ends within a frame");
		l->in_len += (size_t)got;
	}
	if (need < 0 || frame->mtyp != GSSFRAME_DATA)
		return refuse(l, "GSS-API: not a frame of protected data");
	return 1;
}

/*
 * Returns true if the frame does not follow the last one. Frames and datagrams have one count of
 * numbers, so once datagrams may come, numbers can be missing.
 */
static bool is_disordered(struct gss *l, const struct gssapi_seen *seen)
{
	bool follows = gss_order_frame(&l->datagrams.order, seen->number);

	return seen->duplicate || (l->datagrams.layer.in_use ? !follows : seen->disordered);
}

/* Unwraps the frame that has been read. Returns 0 or -EBADMSG. */
static int open_frame(struct gss *l, const struct gssframe *frame)
{
	struct gssapi *g = l->datagrams.g;
	struct gssapi_seen seen;

	outbox_note(&l->out, l->in_len);
	l->in_len = 0;
	if (gssapi_unwrap(g, l->in + GSSFRAME_HEADER, frame->len, &l->plain, &seen) < 0)
		return refuse(l, g->words);
	if (l->datagrams.confidential && !seen.confidential)
		return refuse(l, "GSS-API: a frame is not encrypted");
	if (is_disordered(l, &seen))
		return refuse(l, "GSS-API: a frame comes again, or others are missing before it");
	return 0;
}

/* At most one frame a call, so that a client that sends empty ones keeps nobody busy. */
static ssize_t read_layer(struct layer *layer, void *buf, size_t n)
{
	struct gss *l = (struct gss *)layer;
	struct gssframe frame;
	int r = 1;

	if (l->at == l->plain.len) {
		gssapi_release(&l->plain);
		l->at = 0;
		if (l->why)
			return -EBADMSG;
		r = fill(l, &frame);
		if (r > 0 && open_frame(l, &frame) < 0)
			r = -EBADMSG;
	}
	if (r <= 0)
		return r;
	if (n > l->plain.len - l->at)
		n = l->plain.len - l->at;
	if (!n)
		return -EAGAIN;
	memcpy(buf, (char *)l->plain.at + l->at, n);
	l->at += n;
	return (ssize_t)n;
}

static int flush(struct layer *layer)
{
	return outbox_flush(&((struct gss *)layer)->out);
}

static ssize_t write_layer(struct layer *layer, const void *buf, size_t n)
{
	struct gss *l = (struct gss *)layer;
	ssize_t len = flush(layer);

	if (len < 0)
		return len;
	if (n > l->room)
		n = l->room;
	len = gss_make_frame(&l->datagrams, buf, n, l->frame, sizeof(l->frame));
	if (len < 0) {
		l->why = l->datagrams.g->words;
		return len;
	}
	l->out.at = 0;
	l->out.len = (size_t)len;
	outbox_note(&l->out, l->out.len);
	len = flush(layer);
	return len < 0 && len != -EAGAIN ? len : (ssize_t)n;
}

static bool has_input(const struct layer *layer)
{
	const struct gss *l = (const struct gss *)layer;

	return l->at < l->plain.len || l->why || stream_has_input(&l->out.below);
}

static bool has_output(const struct layer *layer)
{
	return outbox_has(&((const struct gss *)layer)->out);
}

static const char *why(const struct layer *layer)
{
	const struct gss *l = (const struct gss *)layer;

	return l->why ? l->why : outbox_why(&l->out);
}

/* The end of GSS-API's frames is the end of what is below, which may have one of its own. */
static int end(struct layer *layer)
{
	struct layer *below = ((struct gss *)layer)->out.below.layer;
	int err = flush(layer);

	if (err)
		return err;
	return below && below->end ? below->end(below) : 0;
}

static void rest(struct layer *layer)
{
	struct gss *l = (struct gss *)layer;

	outbox_rest(&l->out);
	if (l->in_len || l->at < l->plain.len || has_output(layer))
		return;
	gssapi_release(&l->plain);
	l->at = 0;
	outbox_release(&l->out, l->in, sizeof(*l) - offsetof(struct gss, in));
}

struct layer *gss_layer(const struct stream *stream, struct gssapi *g, bool confidential)
{
	struct gss *l =
		mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (l == MAP_FAILED)
		return NULL;
	l->layer = (struct layer){
		.read = read_layer,
		.write = write_layer,
		.flush = flush,
		.end = end,
		.has_input = has_input,
		.has_output = has_output,
		.why = why,
		.rest = rest,
		.datagrams = &l->datagrams.layer,
	};
	gss_datagrams(&l->datagrams, g, confidential);
	l->out = (struct outbox){ .below = *stream, .buf = l->frame };
	l->room = gssapi_room(g, confidential, GSSFRAME_TOKEN_MAX);
	return l->room ? &l->layer : NULL;
}

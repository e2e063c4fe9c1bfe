/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts the bytes of TLS into frames, and takes them out of frames as they arrive: no frame has to
 * be whole before its bytes are passed on. Never reads a byte behind a frame.
 */
#include "layer/sslframes.h"
#include "layer/outbox.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, FRAME_MAX = SSLFRAME_HEADER + SSLFRAME_DATA_MAX };

struct sslframes {
	struct layer layer;
	const char *why;	       /* why the input is refused from now on; NULL: it is not */
	uint8_t head[SSLFRAME_HEADER]; /* the header of the next frame... */
	size_t head_len;	       /* ...and how much of it has been read */
	size_t left;		       /* the bytes of the frame that have not been read yet */
	bool closing;		       /* the client has sent a frame of SSLFRAME_CLOSING */
	enum sslframe_state state;     /* of the frames that are sent */
	struct outbox out;
	_Alignas(PAGE) uint8_t frame[FRAME_MAX]; /* of `out` */
};

static int refuse(struct sslframes *l, const char *why)
{
	l->why = why;
	return -EBADMSG;
}

/* Looks at a whole header. Returns 1 or -EBADMSG. */
static int begin_frame(struct sslframes *l, const struct sslframe_header *h)
{
	if (l->closing && h->state != SSLFRAME_CLOSING)
		return refuse(l, "SSL draft: a frame of another state follows the closing one");
	l->closing = h->state == SSLFRAME_CLOSING;
	l->head_len = 0;
	l->left = h->len;
	return 1;
}

/* Reads the header of a frame. Returns 1; 0 at the end between two frames; or -errno. */
static int read_header(struct sslframes *l)
{
	struct sslframe_header h;
	int need;

	while ((need = sslframe_header_decode(l->head, l->head_len, &h)) > 0) {
		ssize_t got = stream_pull(&l->out.below, l->head + l->head_len, (size_t)need);

		if (got < 0 || (got == 0 && !l->head_len))
			return (int)got;
		if (got == 0)
			return refuse(l, "SSL draft: the stream ends within a frame");
		l->head_len += (size_t)got;
	}
	if (need < 0)
		return refuse(l, "SSL draft: the client sent something that is not a frame");
	return begin_frame(l, &h);
}

/* At most one frame a call, so that a client that sends empty ones keeps nobody busy. */
static ssize_t read_layer(struct layer *layer, void *buf, size_t n)
{
	struct sslframes *l = (struct sslframes *)layer;
	ssize_t got = l->why ? -EBADMSG : 1;

	if (!l->why && !l->left)
		got = read_header(l);
	if (got <= 0)
		return got;
	if (!l->left)
		return -EAGAIN;
	got = stream_pull(&l->out.below, buf, n < l->left ? n : l->left);
	if (got == 0)
		return refuse(l, "SSL draft: the stream ends within a frame");
	if (got > 0)
		l->left -= (size_t)got;
	return got;
}

static int flush(struct layer *layer)
{
	return outbox_flush(&((struct sslframes *)layer)->out);
}

static ssize_t write_layer(struct layer *layer, const void *buf, size_t n)
{
	struct sslframes *l = (struct sslframes *)layer;
	int err = flush(layer);

	if (err < 0)
		return err;
	if (n > SSLFRAME_DATA_MAX)
		n = SSLFRAME_DATA_MAX;
	l->out.at = 0;
	l->out.len = sslframe_header_encode(l->frame, l->state, n) + n;
	memcpy(l->frame + SSLFRAME_HEADER, buf, n);
	outbox_note(&l->out, l->out.len);
	err = flush(layer);
	return err < 0 && err != -EAGAIN ? err : (ssize_t)n;
}

void sslframes_enter(struct layer *layer, enum sslframe_state state)
{
	((struct sslframes *)layer)->state = state;
}

/*
 * Only the state of the frames changes. TLS calls this before it writes close_notify, which stands
 * in closing frames, so a write follows, unlike in other layers.
 */
static int end(struct layer *layer)
{
	sslframes_enter(layer, SSLFRAME_CLOSING);
	return 0;
}

static bool has_input(const struct layer *layer)
{
	const struct sslframes *l = (const struct sslframes *)layer;

	return l->why || stream_has_input(&l->out.below);
}

static bool has_output(const struct layer *layer)
{
	return outbox_has(&((const struct sslframes *)layer)->out);
}

static const char *why(const struct layer *layer)
{
	const struct sslframes *l = (const struct sslframes *)layer;

	return l->why ? l->why : outbox_why(&l->out);
}

static void rest(struct layer *layer)
{
	struct sslframes *l = (struct sslframes *)layer;

	outbox_rest(&l->out);
	outbox_release(&l->out, l->frame, sizeof(l->frame));
}

struct layer *sslframes_layer(const struct stream *stream)
{
	struct sslframes *l =
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
	};
	l->out = (struct outbox){ .below = *stream, .buf = l->frame };
	l->state = SSLFRAME_HANDSHAKE;
	return &l->layer;
}

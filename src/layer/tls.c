/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moves bytes between the descriptors and the library: several records in one call of the system,
 * because on a fast path calls cost more than copies. Looks into no record.
 */
#include "layer/tls.h"
#include "layer/outbox.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum {
	PAGE = 4096,
	BATCH = 4 * 16384,	 /* payload that is wrapped in one go */
	ROOM = BATCH + 2 * PAGE, /* for its records, and for alerts and updates of keys */
};

struct tls {
	struct layer layer;
	struct libssl *ssl;
	uint8_t head[2]; /* bytes of the client that were read before the layer was made */
	size_t head_len;
	bool flooded; /* the client makes us answer, and does not read the answers */
	bool is_ending;
	size_t end_at; /* where close_notify begins in `records`, if is_ending */
	struct outbox out;
	_Alignas(PAGE) uint8_t records[ROOM]; /* of `out` */
};

/* A transport's function: the first bytes that were read before, then those of the stream. */
static ssize_t take(void *ctx, void *buf, size_t n)
{
	struct tls *t = ctx;

	if (t->head_len) {
		if (n > t->head_len)
			n = t->head_len;
		memcpy(buf, t->head, n);
		t->head_len -= n;
		memmove(t->head, t->head + n, t->head_len);
		return (ssize_t)n;
	}
	return stream_pull(&t->out.below, buf, n);
}

/* Begins at the start of the memory again, once all has been sent: close_notify too, if any. */
static void rewind_output(struct tls *t)
{
	if (t->out.at == t->out.len)
		t->out.at = t->out.len = t->end_at = 0;
}

/* A transport's function: keeps bytes for flush(). */
static size_t keep(void *ctx, const void *buf, size_t n)
{
	struct tls *t = ctx;

	rewind_output(t);
	if (n > sizeof(t->records) - t->out.len)
		n = sizeof(t->records) - t->out.len;
	memcpy(t->records + t->out.len, buf, n);
	t->out.len += n;
	outbox_note(&t->out, t->out.len);
	return n;
}

static bool has_output(const struct layer *layer)
{
	return outbox_has(&((const struct tls *)layer)->out);
}

/* A layer below learns of the end when all that stands before close_notify has been sent. */
static int flush(struct layer *layer)
{
	struct tls *t = (struct tls *)layer;
	struct layer *below = t->out.below.layer;

	if (t->is_ending && below && below->end && t->out.at < t->out.len) {
		int err = outbox_send(&t->out, t->end_at);

		if (err < 0)
			return err;
		below->end(below);
	}
	return outbox_flush(&t->out);
}

/* Sends an alert before the connection is given up, if the descriptor takes it at once. */
static ssize_t give_up(struct layer *layer, ssize_t err)
{
	flush(layer);
	return err;
}

/*
 * Reads as many records as fit. An end or an error behind payload comes with the next call, because
 * the library repeats it.
 */
static ssize_t read_layer(struct layer *layer, void *buf, size_t n)
{
	struct tls *t = (struct tls *)layer;
	size_t sum = 0;
	ssize_t got;

	if (t->flooded)
		return -EBADMSG;
	do {
		got = libssl_read(t->ssl, (char *)buf + sum, n - sum);
		if (got > 0)
			sum += (size_t)got;
	} while (got > 0 && sum < n);
	if (sum)
		return (ssize_t)sum;
	t->flooded = got == -EAGAIN && t->out.len == sizeof(t->records);
	if (t->flooded)
		return -EBADMSG;
	return got == -EBADMSG ? give_up(layer, got) : got;
}

static ssize_t write_layer(struct layer *layer, const void *buf, size_t n)
{
	struct tls *t = (struct tls *)layer;
	size_t sum = 0;
	int err = flush(layer);

	if (err < 0)
		return err;
	if (n > BATCH)
		n = BATCH;
	while (sum < n) {
		ssize_t put = libssl_write(t->ssl, (const char *)buf + sum, n - sum);

		if (put < 0 && !sum)
			return put;
		if (put < 0)
			break;
		sum += (size_t)put;
	}
	err = flush(layer);
	return err < 0 && err != -EAGAIN ? err : (ssize_t)sum;
}

static int end(struct layer *layer)
{
	struct tls *t = (struct tls *)layer;

	if (!t->is_ending) {
		t->is_ending = true;
		rewind_output(t);
		t->end_at = t->out.len;
	}
	libssl_end(t->ssl);
	return 0;
}

static bool has_input(const struct layer *layer)
{
	const struct tls *t = (const struct tls *)layer;

	return t->flooded || t->head_len || libssl_has_input(t->ssl) ||
	       stream_has_input(&t->out.below);
}

static const char *why(const struct layer *layer)
{
	const struct tls *t = (const struct tls *)layer;

	if (t->flooded)
		return "TLS: the client asks for new keys and does not read the answers";
	return t->ssl->words[0] ? t->ssl->words : outbox_why(&t->out);
}

static void rest(struct layer *layer)
{
	struct tls *t = (struct tls *)layer;

	outbox_rest(&t->out);
	libssl_rest();
	outbox_release(&t->out, t->records, sizeof(t->records));
}

int tls_handshake(struct layer *layer)
{
	return libssl_handshake(((struct tls *)layer)->ssl);
}

struct layer *tls_layer(const struct stream *stream, struct libssl *l, const void *head, size_t n)
{
	struct tls *t =
		mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (t == MAP_FAILED)
		return NULL;
	t->layer = (struct layer){
		.read = read_layer,
		.write = write_layer,
		.flush = flush,
		.end = end,
		.has_input = has_input,
		.has_output = has_output,
		.why = why,
		.rest = rest,
	};
	t->ssl = l;
	t->out = (struct outbox){ .below = *stream, .buf = t->records };
	memcpy(t->head, head, n);
	t->head_len = n;
	l->transport = (struct libssl_transport){ take, keep, t };
	return &t->layer;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layer of GSS-API, on one end of a socket: frames that arrive in pieces, and bad ones. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "layer/gss.h"
#include "wire/gssframe.h"

#include "tap.h"
#include "toy_gssapi.h"

/* A layer, and the client's end of its stream. */
struct end {
	struct gssapi g;
	struct layer *l;
	int fd, client;
};

static struct end make(bool confidential)
{
	static struct gssapi g;
	struct end e = { .l = NULL };
	struct stream stream;
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
		abort();
	gssapi_open(&g, "");
	stream = (struct stream){ .in = fd[0], .out = fd[0], .is_socket = true };
	e.fd = fd[0];
	e.client = fd[1];
	e.l = gss_layer(&stream, &g, confidential);
	return e;
}

static void drop(struct end *e)
{
	e->l->rest(e->l);
	close(e->fd);
	close(e->client);
}

/* Writes the client's frame of this number to buf; returns its length. */
static size_t frame(uint8_t *buf, uint16_t seq, bool confidential, const void *bytes, size_t n)
{
	size_t token = toy_wrap(buf + GSSFRAME_HEADER, seq, confidential, bytes, n);

	return gssframe_encode(buf, GSSFRAME_DATA, token) + token;
}

static void send_all(const struct end *e, const void *p, size_t n)
{
	if (send(e->client, p, n, 0) != (ssize_t)n)
		abort();
}

/* A frame is cut at each byte: nothing is read before its end, and no byte behind it. */
static void cut_anywhere(bool confidential)
{
	uint8_t two[100], buf[50], left[50];
	size_t first = frame(two, 0, confidential, "hello", 5);
	size_t all = first + frame(two + first, 1, confidential, "you", 3);

	for (size_t cut = 0; cut < first; cut++) {
		struct end e = make(confidential);

		send_all(&e, two, cut);
		is_int(e.l->read(e.l, buf, sizeof(buf)), -EAGAIN, "%zu bytes are no frame", cut);
		ok(!e.l->has_input(e.l), "%zu bytes are no input", cut);
		send_all(&e, two + cut, all - cut);
		is_int(e.l->read(e.l, buf, 2), 2, "two bytes of payload, cut at %zu", cut);
		is_int(recv(e.fd, left, sizeof(left), MSG_PEEK), all - first,
		       "the next frame is still in the socket");
		ok(e.l->has_input(e.l), "the rest is input");
		is_int(e.l->read(e.l, buf + 2, 9), 3, "the rest of the payload");
		is_mem(buf, 5, "hello", 5, "the payload");
		is_int(e.l->read(e.l, buf, sizeof(buf)), 3, "the next frame");
		shutdown(e.client, SHUT_WR);
		is_int(e.l->read(e.l, buf, sizeof(buf)), 0, "the end between frames");
		drop(&e);
	}
}

static void largest(void)
{
	static uint8_t buf[GSSFRAME_MAX], got[GSSFRAME_MAX], payload[GSSFRAME_MAX];
	const size_t room = GSSFRAME_TOKEN_MAX - TOY_HEADER;
	struct end e = make(true);
	size_t n = 0;

	for (size_t i = 0; i < room; i++)
		payload[i] = (uint8_t)(i * 7);
	send_all(&e, buf, frame(buf, 0, true, payload, room));
	while (n < room) {
		ssize_t more = e.l->read(e.l, got + n, 10000);

		if (more <= 0)
			break;
		n += (size_t)more;
	}
	is_mem(got, n, payload, room, "a frame of 65535 bytes is read");
	e.l->rest(e.l);
	send_all(&e, buf, frame(buf, 1, true, "x", 1));
	is_int(e.l->read(e.l, got, 9), 1, "after a rest it goes on");
	drop(&e);
}

/* The input, after which every read fails with these words in why(). */
static void refused(bool confidential, const uint8_t *p, size_t n, const char *why)
{
	struct end e = make(confidential);
	char buf[50];
	ssize_t r;

	send_all(&e, p, n);
	shutdown(e.client, SHUT_WR);
	while ((r = e.l->read(e.l, buf, sizeof(buf))) > 0)
		;
	is_int(r, -EBADMSG, "refused: %s", why);
	is_str(e.l->why(e.l), why, "its words");
	ok(e.l->has_input(e.l), "the error is input");
	is_int(e.l->read(e.l, buf, sizeof(buf)), -EBADMSG, "and for ever");
	drop(&e);
}

static void bad_frames(void)
{
	const char *order = "GSS-API: a frame comes again, or others are missing before it";
	const char *end = "GSS-API: the stream ends within a frame";
	const char *alien = "GSS-API: not a frame of protected data";
	uint8_t buf[100];
	size_t n = frame(buf, 0, true, "hello", 5);

	for (size_t cut = 1; cut < n; cut++)
		refused(true, buf, cut, end);
	memcpy(buf + n, buf, n);
	refused(true, buf, 2 * n, order);
	frame(buf + n, 2, true, "hello", 5);
	refused(true, buf, 2 * n, order);
	buf[n - 1] ^= 1;
	refused(true, buf, n, "GSS-API: the toy says so");
	n = frame(buf, 0, false, "hello", 5);
	refused(true, buf, n, "GSS-API: a frame is not encrypted");
	buf[1] = GSSFRAME_LEVEL;
	refused(true, buf, n, alien);
	refused(false, (const uint8_t *)"\1\377", 2, alien);
	refused(false, (const uint8_t *)"\5\1\0\1\1\2\3\4\0\120", 10, alien);
}

static void empty_frames(void)
{
	struct end e = make(false);
	uint8_t buf[100];

	for (uint16_t seq = 0; seq < 3; seq++)
		send_all(&e, buf, frame(buf, seq, false, "", 0));
	send_all(&e, buf, frame(buf, 3, true, "x", 1));
	for (int i = 0; i < 3; i++)
		is_int(e.l->read(e.l, buf, 9), -EAGAIN, "an empty frame has no payload");
	is_int(e.l->read(e.l, buf, 9), 1, "an encrypted frame is good at level 1");
	drop(&e);
}

/* Reads all that the layer has sent as frames; returns the length of their payload. */
static size_t receive(const struct end *e, uint8_t *payload, uint16_t *seq)
{
	static uint8_t buf[1 << 20], again[GSSFRAME_MAX];
	ssize_t got = recv(e->client, buf, sizeof(buf), MSG_DONTWAIT);
	size_t n = got > 0 ? (size_t)got : 0, sum = 0, at = 0;
	static uint8_t kept[1 << 20];
	static size_t kept_len;

	memcpy(kept + kept_len, buf, n);
	kept_len += n;
	for (;;) {
		struct gssframe f;
		size_t len;

		if (gssframe_decode(kept + at, kept_len - at, &f) != 0)
			break;
		len = f.len - TOY_HEADER;
		for (size_t i = 0; i < len; i++)
			payload[sum + i] = kept[at + GSSFRAME_HEADER + TOY_HEADER + i] ^ 0x55;
		frame(again, (*seq)++, true, payload + sum, len);
		ok(memcmp(again, kept + at, GSSFRAME_HEADER + f.len) == 0, "a frame of %zu", len);
		sum += len;
		at += GSSFRAME_HEADER + f.len;
	}
	memmove(kept, kept + at, kept_len - at);
	kept_len -= at;
	return sum;
}

/* Writes more than fits into a frame, and more than the socket takes. */
static void writing(void)
{
	static uint8_t payload[300000], got[300000];
	struct end e = make(true);
	size_t put = 0, n = 0;
	bool was_full = false;
	uint16_t seq = 0;

	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 13);
	while (n < sizeof(payload)) {
		ssize_t r = e.l->write(e.l, payload + put, sizeof(payload) - put);

		if (r > 0 && (size_t)r <= GSSFRAME_TOKEN_MAX - TOY_HEADER) {
			put += (size_t)r;
			if (put < sizeof(payload))
				continue;
		} else if (!ok(r == -EAGAIN && e.l->has_output(e.l), "the socket is full")) {
			break;
		}
		was_full = true;
		while (put == sizeof(payload) ? n < sizeof(payload) : e.l->flush(e.l) == -EAGAIN) {
			n += receive(&e, got + n, &seq);
			if (put == sizeof(payload))
				e.l->flush(e.l);
		}
	}
	ok(was_full, "the socket was full");
	is_mem(got, n, payload, sizeof(payload), "the client gets the payload");
	ok(!e.l->has_output(e.l), "nothing is left");
	drop(&e);
}

static void datagrams(void)
{
	struct end e = make(true);
	struct datagram_layer *d = e.l->datagrams;
	uint8_t buf[100], out[100];
	size_t n;

	is_int(d->wrap(d, "hello", 5, out, sizeof(out)), GSSFRAME_HEADER + TOY_HEADER + 5,
	       "a datagram is wrapped");
	is_mem(out, 13, buf, frame(buf, 0, true, "hello", 5), "as one frame");
	is_int(d->wrap(d, "hello", 5, out, 12), -EMSGSIZE, "there is no room for it");
	n = frame(buf, 5, true, "after", 5);
	is_int(d->unwrap(d, buf, n, out, sizeof(out)), 5, "others before it are lost");
	is_mem(out, 5, "after", 5, "its payload");
	is_int(d->unwrap(d, buf, n, out, sizeof(out)), -EBADMSG, "it comes again");
	n = frame(buf, 6, true, "next", 4);
	is_int(d->unwrap(d, buf, n, out, 3), -EMSGSIZE, "there is no room for its payload");
	n = frame(buf, 7, true, "", 0);
	is_int(d->unwrap(d, buf, n, out, sizeof(out)), 0, "an empty one");
	n = frame(buf, 8, true, "more", 4);
	for (size_t cut = 0; cut < n; cut++)
		is_int(d->unwrap(d, buf, cut, out, sizeof(out)), -EBADMSG, "cut at %zu", cut);
	is_int(d->unwrap(d, buf, n + 1, out, sizeof(out)), -EBADMSG, "a byte too many");
	buf[n - 1] ^= 1;
	is_int(d->unwrap(d, buf, n, out, sizeof(out)), -EBADMSG, "damaged");
	buf[1] = GSSFRAME_CONTEXT;
	is_int(d->unwrap(d, buf, n, out, sizeof(out)), -EBADMSG, "another type of frame");
	n = frame(buf, 9, false, "bare", 4);
	is_int(d->unwrap(d, buf, n, out, sizeof(out)), -EBADMSG, "not encrypted");
	drop(&e);
}

static int arrives(const struct end *e, uint16_t seq)
{
	struct datagram_layer *d = e->l->datagrams;
	uint8_t buf[100], out[100];

	return (int)d->unwrap(d, buf, frame(buf, seq, true, "x", 1), out, sizeof(out));
}

static int comes(const struct end *e, uint16_t seq)
{
	uint8_t buf[100];

	send_all(e, buf, frame(buf, seq, true, "x", 1));
	return (int)e->l->read(e->l, buf, sizeof(buf));
}

/* The library does not check what the client has not asked for, nor what is very late. */
static void late_datagrams(void)
{
	struct end e = make(true);

	toy.checks = false;
	is_int(comes(&e, 7), 1, "the request");
	e.l->datagrams->in_use = true;
	is_int(arrives(&e, 7), -EBADMSG, "the request again, as a datagram");
	is_int(arrives(&e, 6), -EBADMSG, "a token from before the request");
	is_int(arrives(&e, 9), 1, "a datagram");
	is_int(arrives(&e, 9), -EBADMSG, "it comes again");
	is_int(arrives(&e, 8), 1, "one is late");
	is_int(arrives(&e, 8), -EBADMSG, "it comes again");
	is_int(arrives(&e, 72), 1, "many are lost");
	is_int(arrives(&e, 9), -EBADMSG, "the first one again, 63 tokens late");
	is_int(arrives(&e, 10), 1, "one that is as late, for the first time");
	is_int(arrives(&e, 10), -EBADMSG, "it comes again");
	is_int(arrives(&e, 8), -EBADMSG, "the one before again, 64 tokens late");
	is_int(arrives(&e, 300), 1, "all that were seen are forgotten");
	is_int(arrives(&e, 236), -EBADMSG, "64 tokens late");
	is_int(arrives(&e, 237), 1, "63 tokens late");
	is_int(arrives(&e, 237), -EBADMSG, "it comes again");
	is_int(arrives(&e, 200), -EBADMSG, "too late to tell whether it has come before");
	drop(&e);
}

/* Datagrams are lost and late, and so are their numbers; the stream goes on. */
static void frames_between_datagrams(void)
{
	const struct {
		uint16_t first, again;
		const char *what;
	} bad[] = { { 8, 8, "a frame again" },
		    { 8, 7, "the request again" },
		    { 9, 8, "a frame from before the last one" } };
	struct end e = make(true);

	toy.received = 7;
	is_int(comes(&e, 7), 1, "the request");
	e.l->datagrams->in_use = true;
	is_int(comes(&e, 9), 1, "a frame, after a datagram that is lost");
	is_int(arrives(&e, 12), 1, "a datagram, after two that are lost");
	is_int(comes(&e, 100), 1, "a frame, after many that are lost");
	drop(&e);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		e = make(true);
		toy.checks = false;
		comes(&e, 7);
		e.l->datagrams->in_use = true;
		is_int(comes(&e, bad[i].first), 1, "a frame");
		is_int(comes(&e, bad[i].again), -EBADMSG, "%s", bad[i].what);
		drop(&e);
	}
	e = make(true);
	toy.checks = false;
	comes(&e, 7);
	e.l->datagrams->in_use = true;
	arrives(&e, 8);
	is_int(comes(&e, 8), -EBADMSG, "a datagram again, as a frame");
	drop(&e);
	e = make(true);
	toy.checks = false;
	comes(&e, 7);
	e.l->datagrams->in_use = true;
	arrives(&e, 100);
	is_int(comes(&e, 8), 1, "a frame that many datagrams have overtaken");
	drop(&e);
}

int main(void)
{
	cut_anywhere(false);
	cut_anywhere(true);
	largest();
	bad_frames();
	empty_frames();
	writing();
	datagrams();
	late_datagrams();
	frames_between_datagrams();
	return done_testing();
}

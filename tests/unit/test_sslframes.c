/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layer of the frames of SOCKS 5 by SSL, on one end of a socket: frames that arrive in pieces,
 * empty ones and bad ones; what is sent, also to a client that reads slowly; and a layer below.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "layer/sslframes.h"

#include "decoder.h"
#include "tap.h"
#include "toy_layer.h"

#define BYTES(s) (s), sizeof(s) - 1

/* A layer, and the client's end of its stream. */
struct end {
	struct stream stream;
	struct layer *l;
	int client;
};

static void make_over(struct end *e, struct toy *toy)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
		abort();
	e->stream = (struct stream){ .in = fd[0], .out = fd[0], .is_socket = true };
	if (toy)
		toy_wrap(toy, &e->stream);
	e->client = fd[1];
	e->l = sslframes_layer(&e->stream);
}

static struct end make(void)
{
	struct end e;

	make_over(&e, NULL);
	return e;
}

static void drop(struct end *e)
{
	e->l->rest(e->l);
	close(e->stream.in);
	close(e->client);
}

static void send_all(const struct end *e, const void *p, size_t n)
{
	if (n && send(e->client, p, n, 0) != (ssize_t)n)
		abort();
}

/* Appends all payload that can be read now to buf. Returns the last result of read(). */
static ssize_t read_all(struct end *e, uint8_t *buf, size_t *n)
{
	ssize_t r;
	int idle = 0;

	while ((r = e->l->read(e->l, buf + *n, 7)) != 0) {
		if (r > 0)
			*n += (size_t)r;
		else if (r != -EAGAIN || ++idle > 4) /* an empty frame is one -EAGAIN */
			break;
	}
	return r;
}

/* Three states, one empty frame, and all cuts: the payload comes as it arrives. */
static void cut_anywhere(void)
{
	static const uint8_t in[] = "\1\1\0\5hello\1\2\0\0\1\3\0\3you\1\4\0\1.";
	const size_t all = sizeof(in) - 1;

	for (size_t cut = 0; cut <= all; cut++) {
		struct end e = make();
		uint8_t got[20];
		size_t n = 0;

		send_all(&e, in, cut);
		is_int(read_all(&e, got, &n), -EAGAIN, "no end after %zu bytes", cut);
		ok(!e.l->has_input(e.l), "nothing is left to read after %zu bytes", cut);
		send_all(&e, in + cut, all - cut);
		shutdown(e.client, SHUT_WR);
		is_int(read_all(&e, got, &n), 0, "the end between frames, cut at %zu", cut);
		is_mem(got, n, "helloyou.", 9, "the payload, cut at %zu", cut);
		drop(&e);
	}
}

/* The longest frame is read in pieces, and bytes behind it stay in the socket. */
static void longest(void)
{
	static uint8_t in[SSLFRAME_HEADER + SSLFRAME_DATA_MAX + 2], got[SSLFRAME_DATA_MAX];
	struct end e = make();
	size_t n = 0;

	sslframe_header_encode(in, SSLFRAME_FLOW, SSLFRAME_DATA_MAX);
	for (size_t i = SSLFRAME_HEADER; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7);
	send_all(&e, in, sizeof(in));
	while (n < sizeof(got)) {
		ssize_t r = e.l->read(e.l, got + n, sizeof(got));

		if (r <= 0)
			break;
		n += (size_t)r;
	}
	is_mem(got, n, in + SSLFRAME_HEADER, SSLFRAME_DATA_MAX, "a frame of 65535 bytes");
	is_int(recv(e.stream.in, got, sizeof(got), MSG_PEEK), 2, "nothing behind it was read");
	drop(&e);
}

/* The input, after which every read fails with these words in why(). */
static void refused(const void *p, size_t n, const char *payload, const char *words)
{
	struct end e = make();
	uint8_t got[20];
	size_t len = 0;

	send_all(&e, p, n);
	shutdown(e.client, SHUT_WR);
	ok(!e.l->why(e.l), "no words before");
	is_int(read_all(&e, got, &len), -EBADMSG, "refused: %s", words);
	is_mem(got, len, payload, strlen(payload), "the payload before");
	is_str(e.l->why(e.l), words, "its words");
	ok(e.l->has_input(e.l), "the error is input");
	is_int(e.l->read(e.l, got, 7), -EBADMSG, "and for ever");
	drop(&e);
}

static void bad_frames(void)
{
	const char *ends = "SSL draft: the stream ends within a frame";
	const char *none = "SSL draft: the client sent something that is not a frame";

	refused(BYTES("\26\3\1\0\5"), "", none);
	refused(BYTES("\1\3\0\2hi\2\3\0\1x"), "hi", none);
	refused(BYTES("\1\0\0\1x"), "", none);
	refused(BYTES("\1\5\0\1x"), "", none);
	refused(BYTES("\1"), "", ends);
	refused(BYTES("\1\3\0"), "", ends);
	refused(BYTES("\1\3\0\1"), "", ends);
	refused(BYTES("\1\3\0\5hell"), "hell", ends);
	refused(BYTES("\1\4\0\1.\1\3\0\1x"), ".",
		"SSL draft: a frame of another state follows the closing one");
}

static void expect(const struct end *e, const void *p, size_t n, const char *what)
{
	uint8_t got[100];
	ssize_t r = recv(e->client, got, sizeof(got), MSG_DONTWAIT);

	is_mem(got, r < 0 ? 0 : (size_t)r, p, n, "%s", what);
}

static void states(void)
{
	struct end e = make();

	is_int(e.l->write(e.l, "hi", 2), 2, "bytes of the handshake");
	expect(&e, BYTES("\1\1\0\2hi"), "their frame");
	sslframes_enter(e.l, SSLFRAME_OPTIONS);
	is_int(e.l->write(e.l, "opt", 3), 3, "options");
	expect(&e, BYTES("\1\2\0\3opt"), "their frame");
	sslframes_enter(e.l, SSLFRAME_FLOW);
	is_int(e.l->write(e.l, "data", 4), 4, "data");
	expect(&e, BYTES("\1\3\0\4data"), "their frame");
	ok(!e.l->has_output(e.l), "nothing is kept");
	is_int(e.l->end(e.l), 0, "the end");
	is_int(e.l->end(e.l), 0, "the end again");
	expect(&e, "", 0, "the end itself sends nothing");
	is_int(e.l->write(e.l, ".", 1), 1, "what closes TLS");
	expect(&e, BYTES("\1\4\0\1."), "its frame");
	drop(&e);
}

/* A client that reads slowly gets each frame whole, and the state that it was written in. */
static void slow_reader(void)
{
	static uint8_t out[200000], got[300000];
	struct end e = make();
	size_t put = 0, n = 0, at = 0, payload = 0;
	struct sslframe_header h;
	bool waited = false;
	int room = 4096;

	setsockopt(e.stream.out, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (uint8_t)(i * 31 >> 3);
	sslframes_enter(e.l, SSLFRAME_FLOW);
	while (put < sizeof(out) || e.l->has_output(e.l)) {
		ssize_t r = put < sizeof(out) ? e.l->write(e.l, out + put, sizeof(out) - put) :
						e.l->flush(e.l);

		if (r > 0)
			put += (size_t)r;
		else if (r < 0 && r != -EAGAIN)
			break;
		waited |= r == -EAGAIN;
		r = recv(e.client, got + n, 5000, MSG_DONTWAIT);
		n += r > 0 ? (size_t)r : 0;
	}
	for (ssize_t r; (r = recv(e.client, got + n, sizeof(got) - n, MSG_DONTWAIT)) > 0;)
		n += (size_t)r;
	is_int(put, sizeof(out), "all is taken");
	ok(waited, "the socket was full in between");
	while (at < n && sslframe_header_decode(got + at, n - at, &h) == 0 &&
	       h.state == SSLFRAME_FLOW && at + SSLFRAME_HEADER + h.len <= n) {
		memmove(got + payload, got + at + SSLFRAME_HEADER, h.len);
		payload += h.len;
		at += SSLFRAME_HEADER + h.len;
	}
	is_int(at, (int)n, "only whole frames");
	is_mem(got, payload, out, sizeof(out), "their payload");
	drop(&e);
}

/* Frames inside another layer, which has read bytes early and gives a byte at a time. */
static void over_a_layer(void)
{
	static struct toy toy;
	uint8_t m[64], got[20];
	struct end e;
	size_t n = 0;
	int tries = 0;

	make_over(&e, &toy);
	toy.give_max = 1;
	send_all(&e, m, toy_encode(m, 'D', "\1\3\0\2hi\1\3\0\1!", 11));
	is_int(e.l->read(e.l, got, 7), 2, "a frame inside a layer");
	ok(e.l->has_input(e.l), "the layer below has input");
	n = 2;
	read_all(&e, got, &n);
	is_mem(got, n, "hi!", 3, "the payload of both frames");
	is_int(e.l->write(e.l, "yo", 2), 2, "writes into the layer");
	ok(e.l->has_output(e.l), "the layer below keeps output");
	while (e.l->flush(e.l) == -EAGAIN && ++tries < 100)
		;
	ok(!e.l->has_output(e.l), "all is flushed");
	expect(&e, m, toy_encode(m, 'D', "\1\1\0\2yo", 6), "a frame inside a message");
	send_all(&e, "garbage", 7);
	is_int(e.l->read(e.l, got, 7), -EBADMSG, "an error of the layer below");
	is_str(e.l->why(e.l), "toy: damaged, or not whole", "its words");
	drop(&e);
	is_int(toy.rested, 1, "it rests, too");
}

int main(void)
{
	cut_anywhere();
	longest();
	bad_frames();
	states();
	slow_reader();
	over_a_layer();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of a stream that has a layer: cut, damaged and slow messages, both kinds of ends.
 */
#include "base/stream.h"
#include "base/wait.h"
#include "tap.h"
#include "toy_layer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct toy toy;
static struct stream s;
static int peer_in, peer_out; /* the client's ends: it reads, and it writes */

static void open_socket(void)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
		exit(1);
	s = (struct stream){ .in = fd[0], .out = fd[0], .is_socket = true };
	peer_in = peer_out = fd[1];
	toy_wrap(&toy, &s);
}

static void open_pipes(void)
{
	int up[2], down[2];

	if (pipe(up) < 0 || pipe(down) < 0)
		exit(1);
	s = (struct stream){ .in = up[0], .out = down[1] };
	peer_out = up[1];
	peer_in = down[0];
	toy_wrap(&toy, &s);
}

static void close_all(void)
{
	close(s.in);
	if (s.out != s.in)
		close(s.out);
	close(peer_in);
	if (peer_out != peer_in)
		close(peer_out);
}

static void send_raw(const void *p, size_t n)
{
	if (write(peer_out, p, n) != (ssize_t)n)
		exit(1);
}

static void send_message(char kind, const char *payload)
{
	uint8_t buf[200];

	send_raw(buf, toy_encode(buf, kind, payload, strlen(payload)));
}

static int64_t soon(void)
{
	return wait_now() + 30000;
}

/* Reads once. Returns the text that came, until the next call. */
static const char *text_read(size_t most)
{
	static char buf[200];
	ssize_t n = stream_read(&s, buf, most, soon());

	if (n < 0)
		return strerror((int)-n);
	buf[n] = '\0';
	return buf;
}

/* What the client has received, as kinds of messages with their payload. */
static const char *received(void)
{
	static char text[400];
	static uint8_t buf[400];
	ssize_t n = recv(peer_in, buf, sizeof(buf), MSG_DONTWAIT), len;
	char *to = text;

	if (n < 0 && errno == ENOTSOCK)
		n = read(peer_in, buf, sizeof(buf));
	for (uint8_t *p = buf; n > 0; p += len, n -= len) {
		len = toy_decode(p, (size_t)n);
		if (len <= 0)
			return "no whole message";
		to += snprintf(to, 100, "%c%.*s ", p[0], (int)len - TOY_HEAD, p + TOY_HEAD);
	}
	*to = '\0';
	return text;
}

static void reads(const char *kind)
{
	send_message('D', "hello");
	is_str(text_read(100), "hello", "%s: a message is read", kind);
	send_message('D', "one, two");
	is_str(text_read(4), "one,", "%s: a part of a message is read", kind);
	is_str(text_read(100), " two", "%s: the rest of it is read", kind);
	send_message('D', "first");
	send_message('D', "second");
	is_str(text_read(100), "first", "%s: the first of two messages is read", kind);
	is_str(text_read(100), "second", "%s: the second is read, although no descriptor tells",
	       kind);
	is_int(stream_read(&s, (char[9]){ 0 }, 9, wait_now() + 20), -ETIMEDOUT,
	       "%s: if there is none, the deadline ends the wait", kind);
}

/* Every byte of a message arrives alone, while the reader waits. */
static void cut(const char *kind)
{
	uint8_t buf[40];
	size_t n = toy_encode(buf, 'D', "in pieces", 9);
	unsigned early = 0;
	char got[9];

	for (size_t i = 0; i + 1 < n; i++) {
		send_raw(buf + i, 1);
		early += stream_read(&s, got, sizeof(got), 0) != -ETIMEDOUT;
	}
	is_int(early, 0, "%s: no part of a message is payload before it is whole", kind);
	send_raw(buf + n - 1, 1);
	is_str(text_read(100), "in pieces", "%s: then it is read", kind);
	toy.take_max = 1;
	send_message('D', "byte by byte");
	is_str(text_read(100), "byte by byte", "%s: a layer may take a byte at a time", kind);
	send_message('D', "a long message");
	is_int(stream_read(&s, got, sizeof(got), 0), -ETIMEDOUT,
	       "%s: pieces that are no payload do not put the deadline off", kind);
	is_str(text_read(100), "a long message", "%s: the message is not lost then", kind);
	toy.take_max = 0;
}

static void writes(const char *kind)
{
	is_int(stream_write(&s, "hello", 5, soon()), 0, "%s: bytes are written", kind);
	is_str(received(), "Dhello ", "%s: they arrive wrapped", kind);
	toy.give_max = 1;
	is_int(stream_write(&s, "slow", 4, soon()), 0, "%s: a sink may take a byte at a time",
	       kind);
	is_str(received(), "Dslow ", "%s: everything is sent before the function returns", kind);
	is_int(stream_write_last(&s, "last", 4), 0, "%s: the last bytes are written", kind);
	is_str(received(), "Dlast ", "%s: they arrive as well", kind);
	toy.give_max = 0;
}

/* A client that sends its message only when it has the whole answer of the layer. */
static void answers(const char *kind)
{
	pid_t client;

	toy.lazy = true;
	send_message('Q', "");
	send_message('Q', "");
	send_message('D', "x");
	is_str(text_read(100), "x", "%s: what the layer has read early needs no descriptor", kind);
	stream_write(&s, "y", 1, soon());
	is_str(received(), "A A Dy ", "%s: what reading left to be sent is sent first", kind);
	toy.give_max = 1;
	fflush(stdout);
	client = fork();
	if (!client) {
		uint8_t buf[TOY_HEAD];

		send_message('Q', "");
		for (size_t n = 0; n < sizeof(buf);)
			n += (size_t)read(peer_in, buf + n, sizeof(buf) - n);
		send_message('D', "answered");
		_exit(0);
	}
	is_str(text_read(100), "answered", "%s: a read that waits sends all of it", kind);
	waitpid(client, NULL, 0);
	toy.give_max = 0;
	toy.lazy = false;
}

static void full(void)
{
	static uint8_t much[TOY_MESSAGE];
	int64_t began;

	open_socket();
	while (stream_write(&s, much, sizeof(much), wait_now() + 20) == 0)
		;
	is_int(stream_write(&s, "x", 1, wait_now() + 20), -ETIMEDOUT,
	       "if the client does not read, the deadline ends the wait");
	began = wait_now();
	is_int(stream_write_last(&s, "x", 1), -ETIMEDOUT, "the last bytes are given up too");
	ok(wait_now() - began >= 1900, "they are given up after two seconds");
	is_int(stream_end(&s), -EAGAIN, "the end has to wait for what is kept");
	is_int(shutdown(peer_in, SHUT_RD), 0, NULL);
	is_int(stream_end(&s), -EPIPE, "if that can't be sent any more, the end says so");
	close_all();
}

static void ends(void (*begin)(void), const char *kind)
{
	begin();
	send_message('D', "bye");
	close(peer_out);
	is_str(text_read(100), "bye", "%s: the last message is read", kind);
	is_str(text_read(100), "", "%s: then comes the end of file", kind);
	is_str(text_read(100), "", "%s: and comes again", kind);
	close_all();

	begin();
	toy.must_end = true;
	send_message('D', "bye");
	send_message('E', "");
	is_str(text_read(100), "bye", "%s: a message before the layer's own end is read", kind);
	is_str(text_read(100), "", "%s: the layer's own end is an end of file", kind);
	is_int(stream_write(&s, "more", 4, soon()), 0, "%s: the other direction goes on", kind);
	is_int(stream_end(&s), 0, "%s: our end is sent", kind);
	is_str(received(), "Dmore E ", "%s: it is one of the layer, behind all bytes", kind);
	is_int(read(peer_in, &(char){ 0 }, 1), 0, "%s: the descriptor's end follows", kind);
	close_all();

	begin();
	toy.give_max = 1;
	is_int(toy_write(&toy.layer, "kept", 4), 4, NULL);
	stream_close(&s);
	is_str(received(), "Dkept E ", "%s: a stream that is closed sends all of it", kind);
	is_int(toy.ended_out > 1, true, "%s: in several turns", kind);
	is_int(read(peer_in, &(char){ 0 }, 1), 0, "%s: and ends", kind);
	close_all();
}

static const struct {
	const char *name;
	const char *bytes; /* behind a good message */
	size_t n;
	bool ends, must_end;
} broken[] = {
	{ "a wrong checksum", "D\0\1ax", 5, false, false },
	{ "a byte that begins no message", "x", 1, false, false },
	{ "an end within a message", "D\0\2a", 4, true, false },
	{ "an end within the head of a message", "D\0", 2, true, false },
	{ "an end of file before the layer's own", "", 0, true, true },
};

static void damaged(void (*begin)(void), const char *kind)
{
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const char *name = broken[i].name;

		begin();
		toy.must_end = broken[i].must_end;
		is_str(stream_why(&s, -EPIPE), strerror(EPIPE),
		       "%s: before a failure of the layer, the errno has the words", kind);
		send_message('D', "good");
		send_raw(broken[i].bytes, broken[i].n);
		if (broken[i].ends)
			close(peer_out);
		is_str(text_read(100), "good", "%s, %s: the message before it is read", kind, name);
		is_int(stream_read(&s, (char[9]){ 0 }, 9, soon()), -EBADMSG, "%s: it is refused",
		       name);
		is_str(stream_why(&s, -EBADMSG), "toy: damaged, or not whole",
		       "%s: the layer says why", name);
		toy.layer.why = NULL;
		is_str(stream_why(&s, -EBADMSG), "a protected message is damaged or not whole",
		       "%s: a layer without words is given some", name);
		close_all();
	}
}

int main(void)
{
	static const struct {
		void (*begin)(void);
		const char *kind;
	} kinds[] = { { open_socket, "socket" }, { open_pipes, "pipes" } };

	for (size_t i = 0; i < 2; i++) {
		kinds[i].begin();
		reads(kinds[i].kind);
		cut(kinds[i].kind);
		writes(kinds[i].kind);
		answers(kinds[i].kind);
		close_all();
		ends(kinds[i].begin, kinds[i].kind);
		damaged(kinds[i].begin, kinds[i].kind);
	}
	full();
	return done_testing();
}

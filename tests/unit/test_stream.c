/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at bytes of the client that stay in the kernel: now, later, at the end, and in vain. */
#include "base/stream.h"
#include "base/wait.h"
#include "tap.h"
#include "toy_layer.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct stream s;
static int peer;

static void open_socket(void)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
		exit(1);
	s = (struct stream){ .in = fd[0], .out = fd[0], .is_socket = true };
	peer = fd[1];
}

static void close_all(void)
{
	close(s.in);
	close(peer);
}

static void say(const char *text)
{
	if (write(peer, text, strlen(text)) != (ssize_t)strlen(text))
		exit(1);
}

static int64_t after(int ms)
{
	return wait_now() + ms;
}

static void bytes_stay(void)
{
	char buf[8];
	ssize_t n;

	open_socket();
	say("abc");
	for (int i = 0; i < 2; i++) {
		n = stream_peek(&s, buf, sizeof(buf), after(30000));
		is_mem(buf, (size_t)n, "abc", 3, "the same bytes are seen again");
	}
	is_int(stream_peek(&s, buf, 2, after(30000)), 2, "no more bytes than asked for");
	say("def");
	n = stream_peek(&s, buf, sizeof(buf), after(30000));
	is_mem(buf, (size_t)n, "abcdef", 6, "later bytes follow");
	n = stream_read(&s, buf, 4, after(30000));
	is_mem(buf, (size_t)n, "abcd", 4, "a read takes them");
	n = stream_peek(&s, buf, sizeof(buf), after(30000));
	is_mem(buf, (size_t)n, "ef", 2, "the others are still there");
	close_all();
}

static void waits(void)
{
	char buf[8];
	pid_t child;

	open_socket();
	is_int(stream_peek(&s, buf, sizeof(buf), after(20)), -ETIMEDOUT, "nobody sends");
	child = fork();
	if (child < 0)
		exit(1);
	if (!child) {
		usleep(20000);
		say("x");
		_exit(0);
	}
	is_int(stream_peek(&s, buf, sizeof(buf), after(30000)), 1, "a byte that comes later");
	waitpid(child, NULL, 0);
	stream_read(&s, buf, 1, after(30000));
	shutdown(peer, SHUT_WR);
	is_int(stream_peek(&s, buf, sizeof(buf), after(30000)), 0, "the end");
	close_all();
}

static void refuses(void)
{
	static struct toy toy;
	char buf[8];
	int fd[2];

	if (pipe(fd) < 0)
		exit(1);
	s = (struct stream){ .in = fd[0], .out = fd[1] };
	peer = fd[1];
	say("abc");
	is_int(stream_peek(&s, buf, sizeof(buf), after(0)), -EOPNOTSUPP, "a pipe");
	close_all();
	open_socket();
	toy_wrap(&toy, &s);
	say("abc");
	is_int(stream_peek(&s, buf, sizeof(buf), after(0)), -EOPNOTSUPP, "a layer");
	close_all();
}

int main(void)
{
	bytes_stay();
	waits();
	refuses();
	return done_testing();
}

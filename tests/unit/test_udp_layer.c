/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A UDP association whose client wraps its datagrams, and whose control connection has a layer. It
 * runs in a child; the test is the client, a stranger and the host that is sent to.
 */
#include "udp/association.h"
#include "base/wait.h"
#include "tap.h"
#include "toy_layer.h"
#include "wire/socks5.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { LARGEST = 65507, WRAPPING = 2, HEADER = 10, PATIENCE_MS = 60000 };

/* What the child shares with the test. */
static struct shared {
	struct toy toy;
	struct udp_association a;
	struct udp_result result;
	int err;
} * shared;

static struct sockaddr_in relay_at, host_at;
static int client, stranger, host, control;
static pid_t child;

/* ---- the wrapper: a W, a checksum, and the bytes inverted ---- */

static ssize_t wrap(struct datagram_layer *l, const void *in, size_t n, void *out, size_t size)
{
	const uint8_t *p = in;
	uint8_t *to = out;

	(void)l;
	if (size < n + WRAPPING)
		return -EMSGSIZE;
	to[0] = 'W';
	for (size_t i = 0; i < n; i++)
		to[WRAPPING + i] = (uint8_t)~p[i];
	to[1] = toy_sum(to + WRAPPING, n);
	return (ssize_t)(n + WRAPPING);
}

static ssize_t unwrap(struct datagram_layer *l, const void *in, size_t n, void *out, size_t size)
{
	const uint8_t *p = in;
	uint8_t *to = out;

	(void)l;
	if (n < WRAPPING || p[0] != 'W' || toy_sum(p + WRAPPING, n - WRAPPING) != p[1])
		return -EBADMSG;
	if (size < n - WRAPPING)
		return -EMSGSIZE;
	for (size_t i = WRAPPING; i < n; i++)
		to[i - WRAPPING] = (uint8_t)~p[i];
	return (ssize_t)(n - WRAPPING);
}

static struct datagram_layer wrapper = { .wrap = wrap, .unwrap = unwrap };

/* ---- the association ---- */

static int allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	(void)ctx;
	(void)named;
	(void)to;
	return 0;
}

static int udp_socket(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET };
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)at, sizeof(*at)) < 0 ||
	    getsockname(fd, (struct sockaddr *)at, &len) < 0)
		exit(1);
	udp_tune(fd, AF_INET);
	return fd;
}

/* Makes an association. The caller may give its layer early bytes, then calls start(). */
static void begin(void)
{
	struct sockaddr_in at;
	int fd[2];

	memset(shared, 0, sizeof(*shared));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
		exit(1);
	control = fd[1];
	host = udp_socket(&host_at);
	client = udp_socket(&at);
	stranger = udp_socket(&at);
	shared->a = (struct udp_association){
		.control = { .in = fd[0], .out = fd[0], .is_socket = true },
		.layer = &wrapper,
		.fd = udp_socket(&relay_at),
		.way = { { .fd = { udp_socket(&at), -1 } } },
		.ways = 1,
		.allows = allows,
	};
	toy_wrap(&shared->toy, &shared->a.control);
}

static void start(void)
{
	fflush(stdout);
	child = fork();
	if (!child) {
		close(control);
		shared->err = udp_run(&shared->a, &shared->result);
		_exit(0);
	}
	close(shared->a.control.in);
	close(shared->a.fd);
	close(shared->a.way[0].fd[0]);
}

/* Waits for the child. Returns what udp_run() has returned. */
static int finish(void)
{
	int status = -1;

	waitpid(child, &status, 0);
	close(control);
	close(host);
	close(client);
	close(stranger);
	return status == 0 ? shared->err : -ECHILD;
}

/* ---- datagrams ---- */

static uint8_t payload[70000], datagram[70000], got[70000];

/* Makes a datagram for the host, with its header. Returns its length. */
static size_t make(size_t n)
{
	union endpoint to = { .in = host_at };
	size_t head = socks5_udp_encode(datagram, &to);

	memcpy(datagram + head, payload, n);
	return head + n;
}

static void send_to_relay(int from, const uint8_t *p, size_t n)
{
	if (sendto(from, p, n, 0, (struct sockaddr *)&relay_at, sizeof(relay_at)) != (ssize_t)n)
		exit(1);
}

/* Sends a wrapped datagram with this payload for the host. */
static void send_wrapped(int from, size_t n)
{
	static uint8_t out[70000];

	send_to_relay(from, out, (size_t)wrap(NULL, datagram, make(n), out, sizeof(out)));
}

/* Receives into got. Returns the length, or -1; and the sender. */
static ssize_t receive(int fd, struct sockaddr_in *from)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	socklen_t len = sizeof(*from);

	if (poll(&p, 1, PATIENCE_MS) != 1)
		return -1;
	return recvfrom(fd, got, sizeof(got), 0, (struct sockaddr *)from, &len);
}

/* A datagram to the host, then one back, both of n bytes. */
static void there_and_back(size_t n)
{
	struct sockaddr_in from, relay;
	static uint8_t plain[70000];
	ssize_t len;

	send_wrapped(client, n);
	len = receive(host, &from);
	is_mem(got, len < 0 ? 0 : (size_t)len, payload, n, "%zu bytes reach the host", n);
	sendto(host, payload, n, 0, (struct sockaddr *)&from, sizeof(from));
	len = receive(client, &relay);
	is_int(len, n + HEADER + WRAPPING, "%zu bytes come back, wrapped once", n);
	len = unwrap(NULL, got, len < 0 ? 0 : (size_t)len, plain, sizeof(plain));
	is_mem(plain, len < 0 ? 0 : (size_t)len, datagram, make(n),
	       "inside are the header and %zu bytes", n);
}

static void passes(void)
{
	const size_t most = LARGEST - WRAPPING - HEADER;
	struct sockaddr_in from;

	begin();
	start();
	/* Nothing that does not verify makes its sender the client. */
	send_to_relay(stranger, datagram, make(4));
	send_to_relay(stranger, (const uint8_t *)"W?wrong", 7);
	send_to_relay(stranger, (const uint8_t *)"", 0);
	send_to_relay(stranger, (const uint8_t *)"W\7", 2);
	there_and_back(100);
	there_and_back(0);
	there_and_back(1400);
	there_and_back(most);
	send_to_relay(client, datagram, make(4));
	there_and_back(5);
	for (size_t i = 0; i < 20; i++)
		send_wrapped(client, 10 + i);
	for (size_t i = 0; i < 20; i++)
		is_int(receive(host, &from), 10 + i, "one of many arrives");
	sendto(host, payload, most + 1, 0, (struct sockaddr *)&from, sizeof(from));
	for (size_t i = 0; i < 20; i++)
		sendto(host, payload, i, 0, (struct sockaddr *)&from, sizeof(from));
	for (size_t i = 0; i < 20; i++)
		is_int(receive(client, &from), i + HEADER + WRAPPING, "one of many comes back");
	close(control);
	is_int(finish(), 0, "the end of the control connection ends it");
	is_int(shared->result.sent, 100 + 1400 + most + 5 + 390, "the payload up is counted");
	is_int(shared->result.received, 100 + 1400 + most + 5 + 190, "the payload down is counted");
	is_str(shared->result.trouble, strerror(EMSGSIZE),
	       "one that is too long when it is wrapped was lost");
}

/* ---- the control connection ---- */

static void say(const char *raw, size_t n)
{
	if (write(control, raw, n) != (ssize_t)n)
		exit(1);
}

static void say_message(char kind, const char *text)
{
	uint8_t buf[100];

	say((const char *)buf, toy_encode(buf, kind, text, strlen(text)));
}

static void hears_control(void)
{
	uint8_t answer[TOY_HEAD];

	begin();
	start();
	say_message('D', "nothing that counts");
	say_message('Q', "");
	say_message('D', "nor this");
	is_int(read(control, answer, sizeof(answer)), TOY_HEAD, "its layer answers");
	is_int(answer[0], 'A', "with its own message");
	there_and_back(10);
	say("D\0\3a", 4);
	there_and_back(20);
	say_message('E', "");
	is_int(finish(), -EBADMSG, "a part of a message and then another one end it");

	begin();
	start();
	there_and_back(10);
	say_message('E', "");
	is_int(finish(), 0, "the end of its layer ends it in order");

	begin();
	shared->toy.n_in = toy_encode(shared->toy.in, 'D', "early", 5);
	shared->toy.n_in += toy_encode(shared->toy.in + shared->toy.n_in, 'E', NULL, 0);
	start();
	is_int(finish(), 0, "an end that was read early ends it, although no descriptor tells");
}

int main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return 1;
	wait_catch_signals();
	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7 + i / 251);
	passes();
	hears_control();
	return done_testing();
}

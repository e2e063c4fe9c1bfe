/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content that both sides know, and the client's half of SOCKS 5. All calls block. */
#include "peer.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* PERIOD is prime, so that no two pages or buffers are the same. */
enum { PERIOD = 1048573, SAMPLE = 64, PATIENCE_S = 60 };

_Noreturn void die(const char *what)
{
	fprintf(stderr, "load: ");
	perror(what);
	exit(1);
}

const char *pattern_at(uint64_t offset)
{
	static char bytes[PERIOD + STEP];

	if (!bytes[0]) {
		uint32_t x = 1;

		/* The first byte is written last: it tells that the rest is there. */
		for (size_t i = 0; i < PERIOD; i++) {
			x = x * 1664525 + 1013904223;
			bytes[PERIOD - 1 - i] = (char)(x >> 24 | 1);
		}
		memcpy(bytes + PERIOD, bytes, STEP);
	}
	return bytes + offset % PERIOD;
}

void send_all(int fd, const void *buf, size_t n)
{
	const char *p = buf;

	while (n) {
		ssize_t put = tls_is_on(fd) ? tls_send(fd, p, n) : send(fd, p, n, MSG_NOSIGNAL);

		if (put <= 0)
			die("send");
		p += put;
		n -= (size_t)put;
	}
}

ssize_t receive(int fd, void *buf, size_t n)
{
	return tls_is_on(fd) ? tls_receive(fd, buf, n) : recv(fd, buf, n, 0);
}

void read_all(int fd, void *buf, size_t n)
{
	char *p = buf;

	while (n) {
		ssize_t got = receive(fd, p, n);

		if (got <= 0)
			die("a message ended early");
		p += got;
		n -= (size_t)got;
	}
}

void send_pattern(int fd, uint64_t size)
{
	for (uint64_t at = 0; at < size;) {
		size_t n = size - at < STEP ? (size_t)(size - at) : STEP;

		send_all(fd, pattern_at(at), n);
		at += n;
	}
}

void take_pattern(int fd, uint64_t size, int whole)
{
	char *buf = malloc(STEP);
	uint64_t at = 0;

	while (buf && at < size) {
		size_t most = whole || tls_is_on(fd) ? STEP : SAMPLE;
		ssize_t n = receive(fd, buf, size - at < most ? (size_t)(size - at) : most);

		if (n <= 0)
			die("the content ended early");
		if (memcmp(buf, pattern_at(at), (size_t)n) != 0)
			die("the content is wrong");
		at += (uint64_t)n;
		if (most == STEP || at == size)
			continue;
		n = recv(fd, buf, size - at < STEP ? (size_t)(size - at) : STEP,
			 MSG_TRUNC | MSG_DONTWAIT);
		if (n > 0)
			at += (uint64_t)n;
	}
	free(buf);
}

int dial(const struct sockaddr_in *to)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return fd;
}

/* Asks for method none, then this command. The reply's address is in *bound. */
static void request(int fd, uint8_t command, const struct sockaddr_in *to,
		    struct sockaddr_in *bound)
{
	uint8_t buf[10] = { 5, command, 0, 1 };

	send_all(fd, "\5\1", 3);
	read_all(fd, buf + 4, 2);
	if (buf[5] != 0)
		die("the method was refused");
	memcpy(buf + 4, &to->sin_addr, 4);
	memcpy(buf + 8, &to->sin_port, 2);
	send_all(fd, buf, sizeof(buf));
	read_all(fd, buf, sizeof(buf));
	if (buf[1] != 0 || buf[3] != 1)
		die("the request was refused");
	*bound = (struct sockaddr_in){ .sin_family = AF_INET };
	memcpy(&bound->sin_addr, buf + 4, 4);
	memcpy(&bound->sin_port, buf + 8, 2);
}

/* Asks by HTTP. The answer ends with an empty line, and the origin does not speak first. */
static void connect_http(int fd, const struct sockaddr_in *to)
{
	char text[128], *p = text;
	int n = snprintf(text, sizeof(text),
			 "CONNECT 127.0.0.1:%u HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
			 ntohs(to->sin_port), ntohs(to->sin_port));

	send_all(fd, text, (size_t)n);
	do {
		n = (int)receive(fd, p, (size_t)(text + sizeof(text) - p));
		if (n <= 0)
			die("the answer has no end");
		p += n;
	} while (p - text < 4 || memcmp(p - 4, "\r\n\r\n", 4) != 0);
	if (memcmp(text + 8, " 200", 4) != 0)
		die("the request was refused");
}

int speech;

int order(const struct sockaddr_in *proxy, const struct sockaddr_in *origin, char task,
	  uint64_t size, int whole)
{
	int fd = proxy ? dial(proxy) : dial(origin);
	struct order o = { task, (char)whole, size };
	struct sockaddr_in bound;
	char message[ORDER] = { 0 };

	if (proxy && (speech & SPEECH_TLS))
		tls_start(fd);
	if (proxy && (speech & SPEECH_HTTP))
		connect_http(fd, origin);
	else if (proxy)
		request(fd, 1, origin, &bound);
	memcpy(message, &o, sizeof(o));
	send_all(fd, message, sizeof(message));
	return fd;
}

void batch_init(struct batch *b, size_t len)
{
	for (int i = 0; i < BATCH; i++) {
		b->iov[i] = (struct iovec){ b->bytes[i], len };
		b->msg[i] = (struct mmsghdr){ 0 };
		b->msg[i].msg_hdr.msg_iov = &b->iov[i];
		b->msg[i].msg_hdr.msg_iovlen = 1;
	}
}

int associate(const struct sockaddr_in *proxy, struct sockaddr_in *relay)
{
	const struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = dial(proxy);

	request(fd, 3, &any, relay);
	if (relay->sin_addr.s_addr == htonl(INADDR_ANY))
		relay->sin_addr = proxy->sin_addr;
	return fd;
}

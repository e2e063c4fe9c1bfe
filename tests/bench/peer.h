/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both peers of the proxy under load: clients that speak SOCKS 5, and the origin they ask for. */
#ifndef PEER_H
#define PEER_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * The first 64 bytes of a connection say what the origin is to do with it. Sizes are bytes; the
 * content at offset x is pattern_at(x), whichever way it goes.
 */
enum task {
	TASK_EXCHANGE = 'x', /* answer 512 bytes, await the end */
	TASK_ECHO = 'e',     /* send back what comes */
	TASK_DOWN = 'd',     /* send size bytes */
	TASK_UP = 'u',	     /* take size bytes, answer one */
	TASK_BOTH = 'b',     /* both at once */
	TASK_IDLE = 'i',     /* keep it open */
};

enum { ORDER = 64, ANSWER = 512, STEP = 256 * 1024 };

/* Datagrams that go or come together. */
enum { BATCH = 32, DATAGRAM_MAX = 1472, UDP_HEADER = 10 };

struct batch {
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	char bytes[BATCH][UDP_HEADER + DATAGRAM_MAX];
};

/* Ready to send, or to receive, len bytes each. */
void batch_init(struct batch *b, size_t len);

struct order {
	char task;
	char whole; /* compare every byte, instead of the first ones of each step */
	uint64_t size;
};

/* Ends the program with a sentence: a figure from a wrong transfer is none. */
_Noreturn void die(const char *what);

/* STEP bytes of content from this offset on. */
const char *pattern_at(uint64_t offset);

void send_all(int fd, const void *buf, size_t n);
void read_all(int fd, void *buf, size_t n);
void send_pattern(int fd, uint64_t size);

/* whole: compares everything; else a sample of each step, and the kernel drops the rest. */
void take_pattern(int fd, uint64_t size, int whole);

/* Starts the origin's process; returns its address. */
struct sockaddr_in origin_start(void);

/* Starts a process that sends each datagram back; returns its address. */
struct sockaddr_in echo_start(void);

/* A connected TCP socket, for *to itself. */
int dial(const struct sockaddr_in *to);

/* Through the proxy, with the order sent. */
int order(const struct sockaddr_in *proxy, const struct sockaddr_in *origin, char task,
	  uint64_t size, int whole);

/* UDP ASSOCIATE: returns the control connection, and where to send datagrams. */
int associate(const struct sockaddr_in *proxy, struct sockaddr_in *relay);

#endif

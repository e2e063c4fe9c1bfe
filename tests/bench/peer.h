/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both peers of the proxy under load: clients that speak SOCKS 5, and the origin server. */
#ifndef PEER_H
#define PEER_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * The first 64 bytes of a connection tell the origin what to do. Sizes are in bytes; the content at
 * offset x is pattern_at(x), in both directions.
 */
enum task {
	TASK_EXCHANGE = 'x', /* answer 512 bytes, wait for the end */
	TASK_ECHO = 'e',     /* send back what comes */
	TASK_DOWN = 'd',     /* send size bytes */
	TASK_UP = 'u',	     /* receive size bytes, answer one */
	TASK_BOTH = 'b',     /* both at once */
	TASK_IDLE = 'i',     /* keep the connection open */
};

enum { ORDER = 64, ANSWER = 512, STEP = 256 * 1024 };

/* BATCH datagrams are sent or received by one call. */
enum { BATCH = 32, DATAGRAM_MAX = 1472, UDP_HEADER = 10 };

struct batch {
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	char bytes[BATCH][UDP_HEADER + DATAGRAM_MAX];
};

/* Prepares the batch to send or receive datagrams of len bytes. */
void batch_init(struct batch *b, size_t len);

struct order {
	char task;
	char whole; /* compare every byte, not only the first ones of each step */
	uint64_t size;
};

/* Prints what failed and exits: a figure of a wrong transfer would mean nothing. */
_Noreturn void die(const char *what);

/* Returns STEP bytes of content from this offset on. */
const char *pattern_at(uint64_t offset);

/* Makes a socket speak TLS from now on, as a client. Returns the socket. */
int tls_start(int fd);

/* Return what send(2) and recv(2) return, on a socket that speaks TLS. */
ssize_t tls_send(int fd, const void *buf, size_t n);
ssize_t tls_receive(int fd, void *buf, size_t n);

/* Returns true if the socket speaks TLS. */
int tls_is_on(int fd);

/* Ends TLS and closes the socket. */
void tls_close(int fd);

void send_all(int fd, const void *buf, size_t n);
/* Returns what recv(2) returns, of plain bytes. */
ssize_t receive(int fd, void *buf, size_t n);

void read_all(int fd, void *buf, size_t n);
void send_pattern(int fd, uint64_t size);

/* Compares every byte, or (whole 0) a sample of each step; the kernel drops the rest. */
void take_pattern(int fd, uint64_t size, int whole);

/* Starts the origin's process; returns its address. */
struct sockaddr_in origin_start(void);

/* Starts a process that sends each datagram back; returns its address. */
struct sockaddr_in echo_start(void);

/* Connects a TCP socket to *to. */
int dial(const struct sockaddr_in *to);

/* How clients talk to the proxy: SOCKS 5, unless HTTP; plainly, unless inside TLS. */
enum { SPEECH_HTTP = 1, SPEECH_TLS = 2 };

extern int speech;

/* Connects to the origin, through the proxy unless that is NULL, and sends the order. */
int order(const struct sockaddr_in *proxy, const struct sockaddr_in *origin, char task,
	  uint64_t size, int whole);

/* UDP ASSOCIATE. Returns the control connection; datagrams go to *relay. */
int associate(const struct sockaddr_in *proxy, struct sockaddr_in *relay);

#endif

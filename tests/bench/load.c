/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The load generator. Each run makes one measurement, against a proxy at 127.0.0.1:PORT (0: no
 * proxy, straight to the origin). It prints figures as JSON, or fails if a byte was wrong.
 *
 * A PORT that begins with http: or tls: is asked so, as in http:8080; with neither, by SOCKS 5.
 *
 *     load sessions PORT COUNT AT-ONCE     method, CONNECT, 64 B up, 512 B down, close
 *     load nothing PORT COUNT AT-ONCE      connect, wait for the end of file
 *     load bulk PORT TASK BYTES AT-ONCE WHOLE
 *     load pingpong PORT COUNT
 *     load idle PORT COUNT                 prints a line when all are open, waits for end of stdin
 *     load udp PORT COUNT WINDOW SIZE      datagrams there and back, of SIZE bytes
 */
#include "peer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 128, PAYLOAD = 64 };

static struct {
	struct sockaddr_in proxy_addr, origin;
	const struct sockaddr_in *proxy;
	char kind; /* of sessions: s, or n for nothing */
	char task;
	int whole;
	uint64_t size;
	int per_thread;
	double *took; /* seconds of each session, to its first byte */
} job;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints the seconds, and of n samples the median and the 99th percentile in microseconds. */
static void report(double wall, double *sample, size_t n)
{
	qsort(sample, n, sizeof(*sample), ascending);
	printf("{\"seconds\": %.6f, \"count\": %zu, \"p50_us\": %.1f, \"p99_us\": %.1f}\n", wall, n,
	       sample[n / 2] * 1e6, sample[n * 99 / 100] * 1e6);
}

static void exchange(double *took)
{
	double start = now();
	char buf[ANSWER];
	int fd = order(job.proxy, &job.origin, TASK_EXCHANGE, 0, 1);

	read_all(fd, buf, 1);
	*took = now() - start;
	read_all(fd, buf + 1, ANSWER - 1);
	if (memcmp(buf, pattern_at(0), ANSWER) != 0)
		die("the answer is wrong");
	if (tls_is_on(fd)) {
		tls_close(fd);
		return;
	}
	shutdown(fd, SHUT_WR);
	if (recv(fd, buf, 1, 0) > 0)
		die("more than the answer came");
	close(fd);
}

static void visit(double *took)
{
	double start = now();
	char end;
	int fd = dial(job.proxy);

	if (recv(fd, &end, 1, 0) > 0)
		die("a byte came where none was expected");
	close(fd);
	*took = now() - start;
}

static void *sessions(void *arg)
{
	double *took = arg;

	for (int i = 0; i < job.per_thread; i++)
		(job.kind == 'n' ? visit : exchange)(&took[i]);
	return NULL;
}

static void *send_bulk(void *arg)
{
	send_pattern(*(int *)arg, job.size);
	return NULL;
}

static void *bulk(void *arg)
{
	int fd = order(job.proxy, &job.origin, job.task, job.size, job.whole);
	pthread_t sender;
	char answer;

	(void)arg;
	if (job.task == TASK_BOTH && pthread_create(&sender, NULL, send_bulk, &fd) != 0)
		die("a thread");
	if (job.task == TASK_UP) {
		send_pattern(fd, job.size);
		read_all(fd, &answer, 1);
	} else {
		take_pattern(fd, job.size, job.whole);
	}
	if (job.task == TASK_BOTH)
		pthread_join(sender, NULL);
	if (tls_is_on(fd))
		tls_close(fd);
	else
		close(fd);
	return NULL;
}

/* Runs f in n threads. Returns the seconds until the last has ended. */
static double in_threads(void *(*f)(void *), int n)
{
	pthread_t thread[THREADS_MAX];
	double start = now();

	for (int i = 0; i < n; i++)
		if (pthread_create(&thread[i], NULL, f, job.took + i * job.per_thread) != 0)
			die("a thread");
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	return now() - start;
}

static void pingpong(int count)
{
	int fd = order(job.proxy, &job.origin, TASK_ECHO, 0, 1);
	char buf[PAYLOAD];
	double start = now();

	for (int i = 0; i < count; i++) {
		double begin = now();

		send_all(fd, pattern_at((uint64_t)i), PAYLOAD);
		read_all(fd, buf, PAYLOAD);
		if (memcmp(buf, pattern_at((uint64_t)i), PAYLOAD) != 0)
			die("the echo is wrong");
		job.took[i] = now() - begin;
	}
	report(now() - start, job.took, (size_t)count);
}

static void idle(int count)
{
	char end;

	for (int i = 0; i < count; i++)
		order(job.proxy, &job.origin, TASK_IDLE, 0, 1);
	puts("{\"ready\": true}");
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
}

/* Sends datagrams number *sent to until - 1, each with its own content. */
static void send_datagrams(int fd, struct batch *b, int *sent, int until, size_t size)
{
	while (*sent < until) {
		int n = until - *sent < BATCH ? until - *sent : BATCH;

		for (int i = 0; i < n; i++)
			memcpy(b->bytes[i] + UDP_HEADER, pattern_at((uint64_t)(*sent + i)), size);
		n = sendmmsg(fd, b->msg, (unsigned)n, 0);
		if (n <= 0)
			die("send");
		*sent += n;
	}
}

/* Keeps this many datagrams (window) on their way. A lost one ends the program after 5 seconds. */
static void udp(int count, int window, size_t size)
{
	const struct timeval patience = { .tv_sec = 5 };
	static struct batch out, in;
	struct sockaddr_in echo = echo_start(), relay;
	int control = associate(job.proxy, &relay);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), sent = 0, n;
	double start;

	batch_init(&out, UDP_HEADER + size);
	batch_init(&in, sizeof(in.bytes[0]));
	for (int i = 0; i < BATCH; i++) {
		out.bytes[i][3] = 1;
		memcpy(out.bytes[i] + 4, &echo.sin_addr, 4);
		memcpy(out.bytes[i] + 8, &echo.sin_port, 2);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&relay, sizeof(relay)) < 0)
		die("connect");
	start = now();
	for (int got = 0; got < count; got += n) {
		send_datagrams(fd, &out, &sent, got + window < count ? got + window : count, size);
		n = recvmmsg(fd, in.msg, BATCH, MSG_WAITFORONE, NULL);
		if (n <= 0)
			die("a datagram was lost");
		for (int i = 0; i < n; i++)
			if (in.msg[i].msg_len != UDP_HEADER + size ||
			    memcmp(in.bytes[i] + UDP_HEADER, pattern_at((uint64_t)(got + i)), size))
				die("a datagram is wrong");
	}
	printf("{\"seconds\": %.6f, \"count\": %d}\n", now() - start, count);
	close(control);
}

/* Reads the prefix of a PORT into speech. Returns the number behind it. */
static const char *number_of(const char *port)
{
	const char *colon = strchr(port, ':');

	if (!colon)
		return port;
	speech = *port == 't' ? SPEECH_TLS : SPEECH_HTTP;
	return colon + 1;
}

static struct sockaddr_in local(const char *port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	addr.sin_port = htons((uint16_t)atoi(port));
	return addr;
}

int main(int argc, char **argv)
{
	const char *port;
	int count, at_once;

	if (argc < 4)
		return 64;
	port = number_of(argv[2]);
	job.proxy_addr = local(port);
	job.proxy = atoi(port) ? &job.proxy_addr : NULL;
	job.kind = argv[1][0];
	if (job.kind == 'b' && argc == 7) {
		job.task = argv[3][0];
		job.size = strtoull(argv[4], NULL, 10);
		job.whole = atoi(argv[6]);
	}
	count = atoi(argv[job.kind == 'b' ? 5 : 3]);
	at_once = argc > 4 ? atoi(argv[job.kind == 'b' ? 5 : 4]) : 1;
	if (count < 1 || at_once < 1 || at_once > THREADS_MAX ||
	    (argc > 5 && job.kind == 'u' && atoi(argv[5]) > DATAGRAM_MAX))
		return 64;
	job.per_thread = job.kind == 'b' ? 0 : (count + at_once - 1) / at_once;
	job.took = calloc((size_t)count + THREADS_MAX, sizeof(*job.took));
	if (job.kind != 'u' && job.kind != 'n')
		job.origin = origin_start();
	pattern_at(0);
	if (job.kind == 's' || job.kind == 'n') {
		double wall = in_threads(sessions, at_once);

		report(wall, job.took, (size_t)(job.per_thread * at_once));
	} else if (job.kind == 'b') {
		printf("{\"seconds\": %.6f}\n", in_threads(bulk, at_once));
	} else if (job.kind == 'p') {
		pingpong(count);
	} else if (job.kind == 'i') {
		idle(count);
	} else if (job.kind == 'u') {
		udp(count, at_once, argc > 5 ? strtoul(argv[5], NULL, 10) : PAYLOAD);
	}
	return 0;
}

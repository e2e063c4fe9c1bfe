/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The origin server: a process with a thread for each active connection. It knows no proxy. */
#include "peer.h"

#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORKERS = 160, STACK = 128 * 1024 };

struct job {
	int fd;
	uint64_t size;
};

static void *send_size(void *arg)
{
	struct job job;

	memcpy(&job, arg, sizeof(job));
	send_pattern(job.fd, job.size);
	return NULL;
}

static void both(int fd, const struct order *o)
{
	struct job job = { fd, o->size };
	pthread_t sender;

	if (pthread_create(&sender, NULL, send_size, &job) != 0)
		die("a thread");
	take_pattern(fd, o->size, o->whole);
	pthread_join(sender, NULL);
}

static void echo(int fd)
{
	char buf[ORDER];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		send_all(fd, buf, (size_t)n);
}

/* True if the connection is to stay open. */
static int serve(int fd)
{
	char message[ORDER], end;
	struct order o;

	if (recv(fd, message, sizeof(message), MSG_WAITALL) != ORDER)
		return 0;
	memcpy(&o, message, sizeof(o));
	if (o.task == TASK_EXCHANGE)
		send_all(fd, pattern_at(0), ANSWER);
	else if (o.task == TASK_ECHO)
		echo(fd);
	else if (o.task == TASK_DOWN)
		send_pattern(fd, o.size);
	else if (o.task == TASK_BOTH)
		both(fd, &o);
	else if (o.task == TASK_IDLE)
		return 1;
	if (o.task == TASK_UP) {
		take_pattern(fd, o.size, o.whole);
		send_all(fd, "!", 1);
	}
	shutdown(fd, SHUT_WR);
	while (recv(fd, &end, 1, 0) > 0)
		;
	return 0;
}

static void *work(void *arg)
{
	int listener = *(int *)arg, on = 1, fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (!serve(fd))
			close(fd);
	}
	die("accept");
}

/* Binds a socket to a port of the kernel's choice, in a child that ends when its parent does. */
static struct sockaddr_in start(int type, int *fd)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	pid_t pid;

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (*fd < 0 || bind(*fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    (type == SOCK_STREAM && listen(*fd, 4096) < 0) ||
	    getsockname(*fd, (struct sockaddr *)&addr, &len) < 0)
		die("listen");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid > 0) {
		close(*fd);
		*fd = -1;
		return addr;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return addr;
}

struct sockaddr_in origin_start(void)
{
	pthread_attr_t small;
	pthread_t thread;
	static int fd;
	struct sockaddr_in addr = start(SOCK_STREAM, &fd);

	if (fd < 0)
		return addr;
	pattern_at(0);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	for (int i = 0; i < WORKERS; i++)
		if (pthread_create(&thread, &small, work, &fd) != 0)
			die("a thread");
	for (;;)
		pause();
}

struct sockaddr_in echo_start(void)
{
	static struct batch b;
	struct sockaddr_in addr, from[BATCH];
	int fd, n;

	addr = start(SOCK_DGRAM, &fd);
	if (fd < 0)
		return addr;
	for (;;) {
		batch_init(&b, sizeof(b.bytes[0]));
		for (int i = 0; i < BATCH; i++) {
			b.msg[i].msg_hdr.msg_name = &from[i];
			b.msg[i].msg_hdr.msg_namelen = sizeof(from[i]);
		}
		n = recvmmsg(fd, b.msg, BATCH, MSG_WAITFORONE, NULL);
		if (n <= 0)
			exit(1);
		for (int i = 0; i < n; i++)
			b.iov[i].iov_len = b.msg[i].msg_len;
		sendmmsg(fd, b.msg, (unsigned)n, 0);
	}
}

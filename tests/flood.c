/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps a process busy, and then tells how soon it noticed a signal. Each THREAD works as fast as
 * it can; after a while the process gets the signal, or none (0) if it should end by itself.
 *
 *     flood PID SIGNAL AFTER-MS THREAD...
 *
 *     rFD        reads a stream to its end, then leaves it
 *     wFD        writes a stream
 *     dFD        sends standard input as a datagram, over and over
 *     cADDR:PORT connects and leaves again (IPv4), over and over
 *
 * Prints a line for each event, with the monotonic time in seconds: "signal", "rFD eof" or "rFD
 * reset", "exit". Ends when the process and the readers have, or 5 seconds after the signal.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STEP = 1 << 20, DATAGRAM = 65536, LIMIT_MS = 5000 };

static char datagram[DATAGRAM];
static size_t datagram_len;
static int content; /* a file of STEP bytes */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static void tell(const char *what, const char *how)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	pthread_mutex_lock(&lock);
	printf("%s%s %lld.%09ld\n", what, how, (long long)ts.tv_sec, ts.tv_nsec);
	fflush(stdout);
	pthread_mutex_unlock(&lock);
}

/* Makes the descriptor block: the process that opened it may have set it not to. */
static int blocking(const char *arg)
{
	int fd = atoi(arg + 1);

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* Drops a socket's bytes without a copy (MSG_TRUNC): no reader is faster. */
static void *read_stream(void *arg)
{
	const char *name = arg;
	int fd = blocking(name);
	char *buf = malloc(STEP);
	ssize_t n;

	if (!buf)
		die("malloc");
	do {
		n = recv(fd, buf, STEP, MSG_TRUNC);
		if (n < 0 && errno == ENOTSOCK)
			n = read(fd, buf, STEP);
	} while (n > 0);
	tell(name, n ? " reset" : " eof");
	shutdown(fd, SHUT_RDWR);
	close(fd);
	free(buf);
	return NULL;
}

static void *write_stream(void *arg)
{
	int fd = blocking(arg);
	off_t at;

	do
		at = 0;
	while (sendfile(fd, content, &at, STEP) > 0);
	return NULL;
}

static void *send_datagrams(void *arg)
{
	int fd = blocking(arg);

	/* The other end may be gone. Some of the calls fail then, and are made again. */
	for (;;)
		send(fd, datagram, datagram_len, MSG_NOSIGNAL);
	return NULL;
}

static void *connect_and_leave(void *arg)
{
	char *host = (char *)arg + 1, *colon = strchr(host, ':');
	const struct linger no_trace = { .l_onoff = 1 };
	struct sockaddr_in to = { .sin_family = AF_INET };

	if (!colon)
		die(host);
	*colon = '\0';
	to.sin_port = htons((uint16_t)atoi(colon + 1));
	inet_pton(AF_INET, host, &to.sin_addr);
	for (;;) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

		connect(fd, (struct sockaddr *)&to, sizeof(to));
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &no_trace, sizeof(no_trace));
		close(fd);
	}
	return NULL;
}

static pthread_t start(char *arg)
{
	void *(*work)(void *) = arg[0] == 'r' ? read_stream :
				arg[0] == 'w' ? write_stream :
				arg[0] == 'd' ? send_datagrams :
						connect_and_leave;
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, arg) != 0)
		die("pthread_create");
	return thread;
}

static void prepare(void)
{
	ssize_t n = 0;

	signal(SIGPIPE, SIG_IGN);
	while ((n = read(0, datagram + datagram_len, DATAGRAM - datagram_len)) > 0)
		datagram_len += (size_t)n;
	content = memfd_create("content", MFD_CLOEXEC);
	if (content < 0 || ftruncate(content, STEP) < 0)
		die("memfd_create");
}

int main(int argc, char **argv)
{
	struct timespec after = { 0 }, limit;
	pthread_t thread[64];
	struct pollfd p = { .events = POLLIN };
	int pid, sig;
	long ms;

	if (argc < 5 || argc > 64)
		return 64;
	pid = atoi(argv[1]);
	sig = atoi(argv[2]);
	ms = atol(argv[3]);
	prepare();
	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p.fd < 0)
		die("pidfd_open");
	for (int i = 4; i < argc; i++)
		thread[i] = start(argv[i]);
	after.tv_sec = ms / 1000;
	after.tv_nsec = ms % 1000 * 1000000;
	nanosleep(&after, NULL);
	if (sig) {
		tell("signal", "");
		syscall(SYS_pidfd_send_signal, p.fd, sig, NULL, 0);
	}
	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += LIMIT_MS / 1000;
	if (poll(&p, 1, LIMIT_MS) > 0)
		tell("exit", "");
	for (int i = 4; i < argc; i++)
		if (argv[i][0] == 'r')
			pthread_timedjoin_np(thread[i], NULL, &limit);
	fflush(stdout);
	_exit(0);
}

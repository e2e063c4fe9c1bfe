/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay() between a client whose stream has a layer and an upstream, in a child. The test is both
 * peers. The promises about plain clients are in relay.bats.
 */
#include "relay/relay.h"
#include "base/wait.h"
#include "tap.h"
#include "toy_layer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { BULK = 3 << 20, WAIT_MS = 60000 };

enum kind { TCP, UNIX, PIPES, KINDS };

static const char *const kind_name[KINDS] = { "TCP", "unix socket", "pipes" };

/* What the child shares with the test. */
static struct shared {
	struct toy toy;
	struct stream client, upstream;
	struct relay_limits limits;
	struct relay_result result;
	int err;
} * shared;

static int client_in, client_out, far; /* the peers' ends */
static pid_t child;

static void tcp_pair(int fd[2])
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &len) < 0 ||
	    connect(fd[0], (struct sockaddr *)&at, sizeof(at)) < 0)
		exit(1);
	fd[1] = accept(listener, NULL, NULL);
	close(listener);
}

/* Connects both sides. The caller may change the layer and the limits, then calls start(). */
static void begin(enum kind kind)
{
	int fd[2], other[2];

	memset(shared, 0, sizeof(*shared));
	tcp_pair(fd);
	far = fd[0];
	shared->upstream =
		(struct stream){ .in = fd[1], .out = fd[1], .is_socket = true, .is_tcp = true };
	if (kind == PIPES) {
		if (pipe(fd) < 0 || pipe(other) < 0)
			exit(1);
		shared->client = (struct stream){ .in = fd[0], .out = other[1] };
		client_out = fd[1];
		client_in = other[0];
	} else {
		if (kind == TCP)
			tcp_pair(fd);
		else if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) < 0)
			exit(1);
		client_in = client_out = fd[0];
		shared->client = (struct stream){
			.in = fd[1], .out = fd[1], .is_socket = true, .is_tcp = kind == TCP
		};
	}
	toy_wrap(&shared->toy, &shared->client);
}

static void close_pair(const struct stream *s)
{
	close(s->in);
	if (s->out != s->in)
		close(s->out);
}

static void start(void)
{
	fflush(stdout);
	child = fork();
	if (!child) {
		close(far);
		close(client_in);
		if (client_out != client_in)
			close(client_out);
		relay_prepare(&shared->client);
		shared->err =
			relay(&shared->client, &shared->upstream, &shared->limits, &shared->result);
		_exit(0);
	}
	close_pair(&shared->client);
	close_pair(&shared->upstream);
}

/* Waits for the child's end, and closes the peers. Returns what relay() has returned. */
static int finish(void)
{
	int status = -1;

	waitpid(child, &status, 0);
	close(far);
	close(client_in);
	if (client_out != client_in)
		close(client_out);
	return status == 0 ? shared->err : -ECHILD;
}

/* ---- the peers ---- */

static void send_raw(int fd, const void *p, size_t n)
{
	for (const char *at = p; n;) {
		ssize_t put = write(fd, at, n);

		if (put < 0)
			return;
		at += put;
		n -= (size_t)put;
	}
}

static void send_message(char kind, const void *payload, size_t n)
{
	static uint8_t buf[TOY_ROOM];

	send_raw(client_out, buf, toy_encode(buf, kind, payload, n));
}

static bool is_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, WAIT_MS) == 1;
}

/* Reads n bytes. Returns how many came before the end or an error. */
static size_t read_raw(int fd, void *buf, size_t n)
{
	size_t sum = 0;

	while (sum < n && is_readable(fd)) {
		ssize_t got = read(fd, (char *)buf + sum, n - sum);

		if (got <= 0)
			break;
		sum += (size_t)got;
	}
	return sum;
}

/* What comes after the last byte: 0 for an end of file, -errno, or 1 for another byte. */
static int after(int fd)
{
	ssize_t n = is_readable(fd) ? read(fd, &(char){ 0 }, 1) : -2;

	return n < 0 ? -errno : (int)n;
}

/* Reads one message, and its payload into buf. Returns its kind, or 0. */
static char read_message(uint8_t *buf, size_t *n)
{
	static uint8_t raw[TOY_ROOM];

	if (read_raw(client_in, raw, TOY_HEAD) != TOY_HEAD)
		return 0;
	*n = (size_t)raw[1] << 8 | raw[2];
	if (read_raw(client_in, raw + TOY_HEAD, *n) != *n || toy_decode(raw, TOY_HEAD + *n) <= 0)
		return 0;
	memcpy(buf, raw + TOY_HEAD, *n);
	return (char)raw[0];
}

/* Reads messages up to n bytes of payload. Returns how many came. */
static size_t read_payload(uint8_t *buf, size_t n)
{
	size_t sum = 0, len = 0;

	while (sum < n && read_message(buf + sum, &len) == 'D')
		sum += len;
	return sum;
}

/* Waits for a reset, also behind an end of file. */
static bool was_reset(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, WAIT_MS) == 1 && (p.revents & POLLERR);
}

static void end_client(void)
{
	if (client_in != client_out)
		close(client_out);
	else
		shutdown(client_out, SHUT_WR);
}

static void reset_by(int fd)
{
	const struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
	shutdown(dup2(open("/dev/null", O_RDWR), fd), SHUT_RDWR);
}

static uint8_t sent[BULK], got[BULK + TOY_ROOM];

static void fill_sent(void)
{
	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (uint8_t)(i * 7 + i / 251);
}

/* ---- scenarios ---- */

/* Both directions talk, then end one after the other. */
static void talks(enum kind kind, size_t take, size_t give)
{
	const char *k = kind_name[kind];

	begin(kind);
	shared->toy.take_max = take;
	shared->toy.give_max = give;
	start();
	for (size_t i = 0; i < 5; i++)
		send_message('D', sent + i * 100, 100);
	is_mem(got, read_raw(far, got, 500), sent, 500, "%s: what the client wraps arrives", k);
	send_raw(far, sent, 700);
	is_mem(got, read_payload(got, 700), sent, 700, "%s: what the upstream sends is wrapped", k);
	send_message('Q', NULL, 0);
	is_int(read_message(got, &(size_t){ 0 }), 'A',
	       "%s: what a read leaves to be sent is sent, though nothing else moves", k);
	send_message('E', NULL, 0);
	is_int(after(far), 0, "%s: the layer's own end is an end of file for the upstream", k);
	send_raw(far, sent, 300);
	is_mem(got, read_payload(got, 300), sent, 300, "%s: the other direction goes on", k);
	shutdown(far, SHUT_WR);
	is_int(read_message(got, &(size_t){ 0 }), 'E', "%s: the upstream's end is wrapped", k);
	is_int(after(client_in), 0, "%s: the descriptor's end follows it", k);
	is_int(finish(), 0, "%s: that is an end in order", k);
	is_int(shared->result.up, 500, "%s: the payload up is counted", k);
	is_int(shared->result.down, 1000, "%s: the payload down is counted", k);
}

/* The first end of file is the upstream's. */
static void ends_other_way(enum kind kind)
{
	const char *k = kind_name[kind];

	begin(kind);
	start();
	shutdown(far, SHUT_WR);
	is_int(read_message(got, &(size_t){ 0 }), 'E', "%s: the upstream may end first", k);
	send_message('D', sent, 1000);
	is_mem(got, read_raw(far, got, 1000), sent, 1000, "%s: the client goes on", k);
	end_client();
	is_int(after(far), 0, "%s: the end of its descriptor is one between messages", k);
	is_int(finish(), 0, "%s: that is an end in order too", k);
}

static void bulk(enum kind kind)
{
	const char *k = kind_name[kind];
	pid_t up, down;

	begin(kind);
	start();
	up = fork();
	if (!up) {
		for (size_t i = 0; i < BULK;) {
			size_t n = 1 + i % 65535 < BULK - i ? 1 + i % 65535 : BULK - i;

			send_message('D', sent + i, n);
			i += n;
		}
		send_message('E', NULL, 0);
		_exit(0);
	}
	down = fork();
	if (!down) {
		send_raw(far, sent, BULK);
		shutdown(far, SHUT_WR);
		_exit(read_raw(far, got, BULK) == BULK && !memcmp(got, sent, BULK) ? 0 : 1);
	}
	is_mem(got, read_payload(got, BULK), sent, BULK, "%s: bulk down arrives", k);
	is_int(read_message(got, &(size_t){ 0 }), 'E', "%s: its end follows", k);
	waitpid(up, NULL, 0);
	waitpid(down, &(int){ 0 }, 0);
	is_int(finish(), 0, "%s: both ways at once", k);
	is_int(shared->result.up, BULK, "%s: bulk up is counted", k);
	is_int(shared->result.down, BULK, "%s: bulk down is counted", k);
}

/* The client reads nothing until the upstream has sent all and ended. */
static void slow_reader(void)
{
	pid_t sender;

	begin(TCP);
	start();
	sender = fork();
	if (!sender) {
		send_raw(far, sent, BULK);
		shutdown(far, SHUT_WR);
		_exit(0);
	}
	send_message('Q', NULL, 0);
	send_message('D', "up", 2);
	is_mem(got, read_raw(far, got, 2), "up", 2,
	       "a client that does not read can still send, although an answer waits");
	for (size_t sum = 0, n = 0, answers = 0;;) {
		char kind = read_message(got + sum, &n);

		if (kind == 'D')
			sum += n;
		answers += kind == 'A';
		if (kind != 'D' && kind != 'A') {
			is_mem(got, sum, sent, BULK, "a slow reader gets everything");
			is_int(answers, 1, "and the answer");
			is_int(kind, 'E', "and then the end");
			break;
		}
	}
	waitpid(sender, NULL, 0);
	end_client();
	is_int(finish(), 0, "that is an end in order");
}

static const struct {
	const char *name;
	const char *bytes; /* behind good messages */
	size_t n;
	bool ends, must_end;
} broken[] = {
	{ "a wrong checksum", "D\0\1ax", 5, false, false },
	{ "a byte that begins no message", "x", 1, false, false },
	{ "an end within a message", "D\0\2a", 4, true, false },
	{ "an end of file before the layer's own", "", 0, true, true },
};

static void damaged(void)
{
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const char *name = broken[i].name;

		begin(TCP);
		shared->toy.must_end = broken[i].must_end;
		start();
		for (size_t k = 0; k < 30; k++)
			send_message('D', sent + k * 30000, 30000);
		send_raw(client_out, broken[i].bytes, broken[i].n);
		if (broken[i].ends)
			end_client();
		is_mem(got, read_raw(far, got, 900000), sent, 900000,
		       "%s: all messages before it arrive", name);
		is_int(after(far), -ECONNRESET, "%s: then the upstream gets a reset", name);
		is_int(after(client_in), -ECONNRESET, "%s: so does the client", name);
		is_int(finish(), -ECONNRESET, "%s: the relay ends by a reset", name);
		is_int(shared->result.err, -EBADMSG, "%s: its cause is told", name);
		is_int(shared->result.up, 900000, "%s: the good payload is counted", name);
	}
	begin(TCP);
	start();
	shutdown(far, SHUT_WR);
	is_int(read_message(got, &(size_t){ 0 }), 'E', "the upstream has ended");
	send_message('D', "good", 4);
	send_raw(client_out, "x", 1);
	is_mem(got, read_raw(far, got, 4), "good", 4, "a good message arrives");
	is_int(after(far), -ECONNRESET, "a bad one resets the upstream");
	ok(was_reset(client_in), "and the client, which had its end already");
	is_int(finish(), -ECONNRESET, "although the other direction was over");
	is_int(shared->result.err, -EBADMSG, "the cause is told");
}

static void resets(void)
{
	begin(TCP);
	start();
	send_raw(far, sent, 100000);
	is_mem(got, read_payload(got, 100000), sent, 100000, "before a reset everything arrives");
	reset_by(far);
	is_int(after(client_in), -ECONNRESET, "the upstream's reset is no end of the layer");
	is_int(finish(), -ECONNRESET, "the relay ends by a reset");
	is_int(shared->result.err, -ECONNRESET, "nothing in the layer was wrong");

	begin(TCP);
	start();
	send_message('D', "up", 2);
	is_mem(got, read_raw(far, got, 2), "up", 2, "the client has sent something");
	send_raw(client_out, "D\0\2a", 4);
	reset_by(client_out);
	is_int(after(far), -ECONNRESET, "the client's reset within a message is one upstream");
	is_int(finish(), -ECONNRESET, "the relay ends by a reset");
	is_int(shared->result.err, -ECONNRESET,
	       "the reset is the cause, not the part of a message");
}

/* The upstream does not read, so it is a write that finds out about the client's reset. */
static void resets_behind_bytes(void)
{
	static uint8_t buf[TOY_ROOM];
	size_t n = toy_encode(buf, 'D', sent, 30001);
	struct pollfd p;

	begin(TCP);
	start();
	p = (struct pollfd){ .fd = client_out, .events = POLLOUT };
	/* The last message that goes out is most probably cut. */
	while (poll(&p, 1, 200) == 1)
		if (send(client_out, buf, n, MSG_DONTWAIT) <= 0 && errno != EAGAIN)
			break;
	reset_by(client_out);
	send_raw(far, sent, 100);
	while (read_raw(far, got, sizeof(got)) == sizeof(got))
		;
	is_int(finish(), -ECONNRESET, "a client's reset behind bytes that wait is a reset");
	ok(shared->result.err == -ECONNRESET || shared->result.err == -EPIPE,
	   "it is the cause, and not the part of a message: %d", shared->result.err);
}

/* The conversation may have read messages of the relay early. */
static void early(void)
{
	struct toy *t;

	begin(TCP);
	t = &shared->toy;
	t->lazy = true;
	t->n_in = toy_encode(t->in, 'D', "early", 5);
	t->n_in += toy_encode(t->in + t->n_in, 'Q', NULL, 0);
	t->n_in += toy_encode(t->in + t->n_in, 'D', " data", 5);
	start();
	is_mem(got, read_raw(far, got, 10), "early data", 10,
	       "messages that were read early arrive, although no descriptor tells");
	is_int(read_message(got, &(size_t){ 0 }), 'A', "what they leave to be sent is sent");
	shutdown(far, SHUT_WR);
	end_client();
	is_int(finish(), 0, "that is an end in order");
}

/* Ends both peers, so that the relay need not wait for them. */
static void end_peers(void)
{
	end_client();
	shutdown(far, SHUT_WR);
}

static void rests(void)
{
	begin(TCP);
	start();
	for (int i = 0; i < WAIT_MS / 10 && !*(volatile unsigned *)&shared->toy.rested; i++)
		usleep(10000);
	is_int(shared->toy.rested, 1, "a layer at rest gives memory back");
	send_message('D', "up", 2);
	is_mem(got, read_raw(far, got, 2), "up", 2, "and goes on afterwards");
	end_peers();
	is_int(finish(), 0, "to an end in order");
}

static void idles(void)
{
	int64_t began;
	uint8_t buf[100];
	size_t n = toy_encode(buf, 'D', sent, 30);

	begin(TCP);
	shared->limits.idle_ms = 1500;
	shared->toy.give_max = 1; /* so the end has to be tried several times */
	start();
	began = wait_now();
	for (size_t i = 0; i < n; i++) {
		send_raw(client_out, buf + i, 1);
		usleep(50000);
	}
	is_mem(got, read_raw(far, got, 30), sent, 30,
	       "a message that comes in pieces for %d ms is not idle", (int)(wait_now() - began));
	is_int(read_message(got, &(size_t){ 0 }), 'E', "at the idle timeout the layer ends");
	is_int(after(client_in), 0, "and the client's descriptor");
	is_int(after(far), 0, "and the upstream's");
	end_peers();
	is_int(finish(), -ETIMEDOUT, "that is told");
}

int main(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return 1;
	wait_catch_signals();
	fill_sent();
	for (enum kind kind = 0; kind < KINDS; kind++) {
		talks(kind, 0, 0);
		talks(kind, 1, 0);
		talks(kind, 0, 1);
		ends_other_way(kind);
		bulk(kind);
	}
	slow_reader();
	damaged();
	resets();
	resets_behind_bytes();
	early();
	rests();
	idles();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client and the far end: how the client connects, what they say, and when they leave. */
#include "world_tls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SAID_MAX = 2 << 20 }; /* a transcript has room for this and all replies */

static int to_client = -1, from_client = -1; /* our ends of the client's stream, or the same */
static bool client_reads = true, far_reads = true;

static void place(int fd, int number)
{
	if (fd == number)
		return;
	MUST(dup2(fd, number) == number && close(fd) == 0);
}

static void place_pipes(void)
{
	int in[2], out[2];

	MUST(pipe(in) == 0 && pipe(out) == 0);
	from_client = world_keep(in[1]);
	to_client = world_keep(out[0]);
	in[0] = world_keep(in[0]);
	fcntl(in[0], F_SETFL, 0);
	place(out[1], 1);
	fcntl(1, F_SETFL, O_WRONLY);
	place(in[0], 0);
}

static void place_socket(int number)
{
	int ends[2], null = open("/dev/null", O_RDWR);

	MUST(null >= 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	from_client = to_client = world_keep(ends[0]);
	ends[1] = world_keep(ends[1]);
	MUST(dup2(null, 0) == 0 && dup2(null, 1) == 1);
	place(ends[1], number);
	if (number == 0)
		MUST(dup2(0, 1) == 1);
	fcntl(number, F_SETFL, O_RDWR);
}

static void speak_of(enum world_client client)
{
	char pid[24];

	clearenv();
	if (client == WORLD_UCSPI) {
		setenv("PROTO", "TCP", 1);
		setenv("TCPREMOTEIP", "192.0.2.7", 1);
		setenv("TCPREMOTEPORT", "40000", 1);
	}
	if (client != WORLD_ACTIVATED)
		return;
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
}

void script_begin(enum world_client client, const uint8_t *script, size_t n)
{
	world.client = client;
	world.is_local =
		client == WORLD_PIPES || client == WORLD_UNIX || client == WORLD_TCP_LOOPBACK;
	world.script = script;
	world.left = n;
	speak_of(client);
	if (client == WORLD_PIPES || client == WORLD_UCSPI)
		place_pipes();
	else
		place_socket(client == WORLD_ACTIVATED ? 3 : 0);
}

static uint8_t next_byte(void)
{
	if (!world.left)
		return 0;
	world.left--;
	return *world.script++;
}

static const uint8_t *next_bytes(size_t *n)
{
	const uint8_t *p;

	*n = next_byte();
	if (*n > world.left)
		*n = world.left;
	p = world.script;
	world.script += *n;
	world.left -= *n;
	return p;
}

/* Says only what the socket or pipe takes at once. */
static void say(int fd, struct transcript *t)
{
	size_t n;
	const uint8_t *p = next_bytes(&n);
	ssize_t put = fd < 0 || n > SAID_MAX - t->n ? -1 : write(fd, p, n);

	if (put > 0)
		transcript_add(t, p, (size_t)put);
}

/* Says it as the client: by this function if there is TLS. */
static void say_as_client(void (*by)(const uint8_t *p, size_t n))
{
	size_t n;
	const uint8_t *p;

	if (!tls_is_on()) {
		say(from_client, &world.client_sent);
		return;
	}
	p = next_bytes(&n);
	by(p, n);
	tls_flush(from_client);
}

/* Says bytes that differ by their place in the stream. */
static void say_much(int fd, struct transcript *t)
{
	static uint8_t bytes[256 << 10];
	size_t n = (next_byte() + (size_t)1) << 10;
	ssize_t put;

	if (n > SAID_MAX - t->n)
		n = SAID_MAX - t->n;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)((t->n + i) * 7 + ((t->n + i) >> 8));
	if (t == &world.client_sent && tls_is_on()) {
		tls_say(bytes, n);
		tls_flush(fd);
		return;
	}
	put = fd < 0 ? -1 : write(fd, bytes, n);
	if (put > 0)
		transcript_add(t, bytes, (size_t)put);
}

static void end(int *fd)
{
	if (*fd >= 0 && shutdown(*fd, SHUT_WR) < 0 && errno == ENOTSOCK) {
		close(*fd);
		*fd = -1;
	}
}

static void leave(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The first end is TLS's, the second one the socket's. */
static void client_ends(void)
{
	if (tls_end())
		tls_flush(from_client);
	else
		end(&from_client);
}

static void client_leaves(void)
{
	if (from_client == to_client)
		from_client = -1;
	leave(&from_client);
	leave(&to_client);
}

static void datagram(void (*send_it)(uint8_t which, const uint8_t *p, size_t n))
{
	uint8_t which = next_byte();
	size_t n;
	const uint8_t *p = next_bytes(&n);

	send_it(which, p, n);
}

void script_step(void)
{
	/* clang-format off */
	switch ((enum step)(next_byte() % STEPS)) {
	case STEP_SEND: say_as_client(tls_say); break;
	case STEP_ANSWER: say(world.far, &world.far_sent); break;
	case STEP_CLIENT_ENDS: client_ends(); break;
	case STEP_FAR_ENDS: end(&world.far); break;
	case STEP_CLIENT_LEAVES: world.client_left = true; client_leaves(); break;
	case STEP_FAR_LEAVES: world.far_left = true; leave(&world.far); break;
	case STEP_TIME: world.now_ms += 1 << next_byte() % 20; break;
	case STEP_DATAGRAM: datagram(net_datagram); break;
	case STEP_DATAGRAM_BACK: datagram(net_datagram_back); break;
	case STEP_PEER: net_peer(next_byte()); break;
	case STEP_CLIENT_READS: client_reads = !client_reads; break;
	case STEP_FAR_READS: far_reads = !far_reads; break;
	case STEP_TERMINATE: raise(SIGTERM); break;
	case STEP_BULK: say_much(from_client, &world.client_sent); break;
	case STEP_BULK_BACK: say_much(world.far, &world.far_sent); break;
	case STEP_RAW: say_as_client(tls_say_raw); break;
	case STEPS: break;
	}
	/* clang-format on */
}

static void listen_to(int fd, struct transcript *t)
{
	static uint8_t buf[64 << 10];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		transcript_add(t, buf, (size_t)n);
}

static void listen_inside(void)
{
	static uint8_t buf[64 << 10];
	ssize_t n;

	while (to_client >= 0 && (n = read(to_client, buf, sizeof(buf))) > 0)
		tls_hear(buf, (size_t)n);
	tls_flush(from_client);
}

void script_listen(void)
{
	if (client_reads && tls_is_on())
		listen_inside();
	else if (client_reads)
		listen_to(to_client, &world.client_got);
	if (far_reads)
		listen_to(world.far, &world.far_got);
}

static void move(struct transcript *to, struct transcript *from)
{
	to->n = 0;
	transcript_add(to, from->bytes, from->n);
	from->n = 0;
}

void script_daemon_over(void)
{
	listen_to(world.far, &world.far_got);
	leave(&world.far);
	world.far_left = false;
	far_reads = true;
	move(&world.daemon_sent, &world.far_sent);
	move(&world.daemon_got, &world.far_got);
}

void script_leave(void)
{
	client_reads = far_reads = true;
	script_listen();
	if (tls_end())
		tls_flush(from_client);
	client_leaves();
	leave(&world.far);
}

void script_close(void)
{
	client_reads = far_reads = true;
	script_listen();
}

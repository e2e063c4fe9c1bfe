/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queries on the control connection of an association: split at every byte, many at once, between
 * other bytes, with a name that is slow, with a client that does not read, and through a layer.
 */
#include "udp/flow.h"
#include "base/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"

/* ---- a resolver in place of net/resolve_many.c, which is asked one name at a time ---- */

static struct lookup job;

int resolve_many_init(struct resolve_many *l, enum net_family family)
{
	l->family = family;
	return 7;
}

int resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag)
{
	(void)l;
	if (job.state != LOOKUP_FREE)
		return -EAGAIN;
	job = (struct lookup){ .dest = *dest, .tag = tag, .state = LOOKUP_RUNNING };
	return 0;
}

struct lookup *resolve_many_ended(struct resolve_many *l)
{
	(void)l;
	return job.state == LOOKUP_DONE ? &job : NULL;
}

void resolve_many_forget(struct resolve_many *l, struct lookup *done)
{
	(void)l;
	done->state = LOOKUP_FREE;
}

/* ---- an association whose client is the other end of a pair of sockets ---- */

static struct udp_flow f;
static struct udp_association a;
static int client;
static unsigned asked;

/* The rules deny 192.0.2.9. */
static int allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	(void)ctx;
	(void)named;
	return to && to->sa.sa_family == AF_INET && (ntohl(to->in.sin_addr.s_addr) & 0xff) == 9 ?
		       -EACCES :
		       0;
}

/* A host sees us at 203.0.113.1, and, as the port, its own. There is no way to 192.0.2.8. */
static int seen(void *ctx, int way, int fd, const union endpoint *host, union endpoint *ret)
{
	asked += ctx == &f && way == 0 && fd == 11;
	if ((ntohl(host->in.sin_addr.s_addr) & 0xff) == 8)
		return -ENETUNREACH;
	addr_parse("203.0.113.1", ret);
	addr_set_port(ret, addr_port(host));
	return 0;
}

static enum socks5_rep reply(void *ctx, int err)
{
	(void)ctx;
	return err == -EACCES	    ? SOCKS5_REP_NOT_ALLOWED :
	       err == -ENETUNREACH  ? SOCKS5_REP_NETWORK_UNREACHABLE :
	       err == -ENOENT	    ? SOCKS5_REP_HOST_UNREACHABLE :
	       err == -EAFNOSUPPORT ? SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED :
				      SOCKS5_REP_GENERAL_FAILURE;
}

static void begin(struct layer *layer)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) < 0)
		exit(1);
	client = pair[1];
	memset(&f, 0, sizeof(f));
	memset(&job, 0, sizeof(job));
	asked = 0;
	a = (struct udp_association){
		.control = { .in = pair[0], .out = pair[0], .is_socket = true, .layer = layer },
		.way = { { .fd = { 11, -1 } } },
		.ways = 1,
		.allows = allows,
		.seen = seen,
		.reply = reply,
		.ctx = &f,
		.patience_ms = 5000,
	};
	f.a = &a;
	f.now_ms = 1000;
	udp_names_init(&f.names, FAMILY_ANY, a.patience_ms, allows, &f);
}

static void end(void)
{
	close(a.control.in);
	close(client);
}

/* One turn of the association's loop. Returns what it returned. */
static int turn(void)
{
	struct pollfd in = { .fd = a.control.in }, out = { .fd = -1 };
	int err;

	udp_queries_poll(&f, &in, &out);
	poll(&in, 1, 0);
	err = udp_queries_read(&f, &in, &out);
	return err ? err : udp_queries_answer(&f);
}

static void say(const void *bytes, size_t n)
{
	if (write(client, bytes, n) != (ssize_t)n)
		exit(1);
}

/* Returns the next answers that the client has got: REP and the last byte of the port for each. */
static const char *heard(void)
{
	static char text[4096];
	uint8_t buf[10];
	size_t n = 0;

	while (n < sizeof(text) - 16) {
		ssize_t got = read(client, buf, sizeof(buf));

		if (got <= 0)
			break;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%d.%d ", buf[1], buf[9]);
		if (got != 10 || buf[0] != 5 || buf[2] != 0 || buf[3] != 1)
			return "not a reply";
	}
	text[n] = '\0';
	return text;
}

/* Goes on until nothing is to be done. Returns what the client has heard. */
static const char *answers(void)
{
	do
		if (turn())
			return "the end";
	while (udp_queries_deadline(&f) <= f.now_ms);
	return heard();
}

/* A string literal and its length, without the last NUL. */
#define BYTES(s) (s), sizeof(s) - 1

#define QUERY(host, port) "\0\1\0\1\xc0\0\2" host "\0" port
#define NAME		  "\0\1\0\3\6a.test\0\5"

static void splits(void)
{
	static const char all[] = QUERY("\1", "\1")
		QUERY("\x9", "\2") "\0\1\0\4\x20\x01\x0d\xb8"
				   "\0\0\0\0\0\0\0\0\0\0\0\1\0\3" QUERY(
					   "\x8", "\4") "\0\1\0\3\0\0\5\0\1\0\3\3"
							"1.2\0\6" QUERY("\1", "\7");
	static const char want[] = "0.1 2.0 8.0 3.0 1.0 4.0 0.7 ";

	for (size_t at = 0; at < sizeof(all); at++) {
		char got[64];

		begin(NULL);
		say(all, at);
		snprintf(got, sizeof(got), "%s", answers());
		say(all + at, sizeof(all) - 1 - at);
		strcat(got, answers());
		is_str(got, want, "seven queries, split at byte %zu", at);
		end();
	}
}

static void turns(void)
{
	begin(NULL);
	for (int i = 0; i < 20; i++)
		say(BYTES(QUERY("\1", "\1")));
	is_int(turn(), 0, "a turn with twenty queries");
	is_int(asked, UDP_QUERIES_AT_ONCE, "answers %d of them", UDP_QUERIES_AT_ONCE);
	is_int(udp_queries_deadline(&f), f.now_ms, "the next turn is due at once");
	turn();
	turn();
	is_int(asked, 20, "the third answers the last");
	is_int(f.moved_ms, 1000, "the association was not idle");
	turn();
	ok(udp_queries_deadline(&f) == WAIT_FOREVER, "then there is nothing to do");
	end();
}

static void waste(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *name;
	} wastes[] = {
		{ BYTES("\5\3\0\1\0\0\0\0\0\0"), "a request" },
		{ BYTES("\0\0\0\0"), "zeros" },
		{ BYTES("\0\1\1"), "FLAG is not 0" },
		{ BYTES("\0\1\0\2\xff"), "an unknown type of address" },
		{ BYTES("\0\2\xff"), "an unknown SUB" },
	};

	for (size_t i = 0; i < sizeof(wastes) / sizeof(*wastes); i++) {
		begin(NULL);
		for (size_t k = 0; k < wastes[i].len; k++) {
			say(wastes[i].bytes + k, 1);
			turn();
		}
		say(BYTES(QUERY("\1", "\1")));
		is_str(answers(), "0.1 ", "a query behind other bytes: %s", wastes[i].name);
		end();
	}
}

static void names(void)
{
	begin(NULL);
	say(BYTES(NAME QUERY("\1", "\1")));
	is_str(answers(), "", "a name that is being looked up holds up the queries behind it");
	is_int(udp_queries_deadline(&f), 6000, "it is waited for as long as a datagram waits");
	job.state = LOOKUP_DONE;
	job.found = (struct candidates){ .n = 1, .addr = job.addr };
	addr_parse("192.0.2.1", &job.addr[0]);
	addr_set_port(&job.addr[0], 5);
	udp_names_collect(&f.names, f.now_ms);
	is_str(answers(), "0.5 0.1 ", "when it is known, all are answered, in order");
	end();

	begin(NULL);
	say(BYTES(NAME NAME QUERY("\1", "\1")));
	is_str(answers(), "", "another slow name");
	f.now_ms = 5999;
	is_str(answers(), "", "is waited for");
	f.now_ms = 6000;
	is_str(answers(), "4.0 ", "and then refused");
	is_int(udp_queries_deadline(&f), 11000, "the next query about it waits as long");
	f.now_ms = 11000;
	is_str(answers(), "4.0 0.1 ", "and does not hold up the others for ever");
	end();
}

static void deaf_client(void)
{
	static const char query[] = QUERY("\1", "\1");
	unsigned before;
	size_t sent = 0, got = 0;

	begin(NULL);
	for (int idle = 0; idle < 3; idle++) {
		while (write(client, query, sizeof(query) - 1) == sizeof(query) - 1) {
			sent++;
			idle = 0;
		}
		for (int i = 0; i < 100; i++)
			turn();
	}
	before = asked;
	turn();
	is_int(asked, before, "a client that reads nothing gets no more answers");
	ok(sent > asked, "and can't send for ever");
	ok(udp_queries_deadline(&f) == WAIT_FOREVER, "nothing is done until it reads");
	while (got < sent) {
		const char *text = heard();

		if (!*text && turn())
			break;
		for (; *text; text += 4)
			got += strncmp(text, "0.1 ", 4) == 0;
	}
	is_int(got, sent, "when it reads, it gets all answers");
	for (int i = 0; i < 3; i++)
		while (write(client, query, sizeof(query) - 1) > 0)
			turn();
	close(client);
	for (int i = 0, r = 0; i < 100000 && !r; i++)
		if ((r = turn()) != 0)
			ok(r == 1 || r == -EPIPE || r == -ECONNRESET,
			   "its leaving is seen although it had not read");
	close(a.control.in);
}

/* ---- a layer that keeps what it is given, and sends it when it is flushed ---- */

static uint8_t kept[64];
static size_t n_kept;
static const char *input;
static size_t n_input;
static bool is_stuck;

static ssize_t layer_read(struct layer *l, void *buf, size_t n)
{
	(void)l;
	if (!n_input)
		return -EAGAIN;
	n = n > 7 ? 7 : n;
	n = n > n_input ? n_input : n;
	memcpy(buf, input, n);
	input += n;
	n_input -= n;
	return (ssize_t)n;
}

static int layer_flush(struct layer *l)
{
	(void)l;
	if (n_kept && is_stuck)
		return -EAGAIN;
	if (n_kept && write(a.control.out, kept, n_kept) != (ssize_t)n_kept)
		exit(1);
	n_kept = 0;
	return 0;
}

/* Takes three bytes at once. */
static ssize_t layer_write(struct layer *l, const void *buf, size_t n)
{
	if (layer_flush(l) < 0)
		return -EAGAIN;
	n = n > 3 ? 3 : n;
	memcpy(kept, buf, n);
	n_kept = n;
	return (ssize_t)n;
}

static bool layer_has_input(const struct layer *l)
{
	(void)l;
	return n_input > 0;
}

static bool layer_has_output(const struct layer *l)
{
	(void)l;
	return n_kept > 0;
}

static void layered(void)
{
	static const char all[] = QUERY("\1", "\1") QUERY("\1", "\2") QUERY("\1", "\3");
	struct layer l = { .read = layer_read,
			   .write = layer_write,
			   .flush = layer_flush,
			   .has_input = layer_has_input,
			   .has_output = layer_has_output };
	struct pollfd in = { 0 }, out = { 0 };

	begin(&l);
	input = all;
	n_input = sizeof(all) - 1;
	is_int(udp_queries_deadline(&f), f.now_ms,
	       "what a layer has read already is not waited for");
	is_str(answers(), "0.1 0.2 0.3 ", "queries and answers pass through it");
	is_stuck = true;
	input = all;
	n_input = 10;
	is_str(answers(), "", "it sends nothing while the client does not read");
	udp_queries_poll(&f, &in, &out);
	ok(in.events & POLLOUT, "so the descriptor is polled for room");
	is_stuck = false;
	is_str(answers(), "0.1 ", "and then the rest is sent");
	end();
}

int main(void)
{
	splits();
	turns();
	waste();
	names();
	deaf_client();
	layered();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The poll set of a relay, from the states of both directions; and what its events mean. */
#include "relay/slots.h"
#include "tap.h"

#include <string.h>

enum { CLIENT_IN = 10, CLIENT_OUT = 11, UPSTREAM = 12, NOW_MS = 5000 };

static const struct stream tcp_client = {
	.in = CLIENT_IN, .out = CLIENT_IN, .is_socket = true, .is_tcp = true
};
static const struct stream pipes = { .in = CLIENT_IN, .out = CLIENT_OUT };
static const struct stream upstream = {
	.in = UPSTREAM, .out = UPSTREAM, .is_socket = true, .is_tcp = true
};

enum { LATER = 1, CUT = 2 };

static const struct {
	const char *name;
	const struct stream *client;
	struct {
		enum flow_state state;
		size_t len;
		int more; /* LATER: --rate makes it pause; CUT */
	} up, down;
	struct {
		int fd, events; /* fd 0: not watched */
	} want[SLOTS_MAX];
	bool no_wait;
} rows[] = {
	{ "both are open",
	  &tcp_client,
	  { FLOW_OPEN, 0, 0 },
	  { FLOW_OPEN, 0, 0 },
	  { { CLIENT_IN, POLLIN }, { UPSTREAM, POLLIN } },
	  false },
	{ "both are open, the client on pipes",
	  &pipes,
	  { FLOW_OPEN, 0, 0 },
	  { FLOW_OPEN, 0, 0 },
	  { { CLIENT_IN, POLLIN }, { UPSTREAM, POLLIN } },
	  false },
	{ "bytes wait for the upstream",
	  &tcp_client,
	  { FLOW_OPEN, 9, 0 },
	  { FLOW_OPEN, 0, 0 },
	  { { CLIENT_IN, 0 }, { UPSTREAM, POLLIN | POLLOUT } },
	  false },
	{ "bytes wait for a client on pipes",
	  &pipes,
	  { FLOW_OPEN, 0, 0 },
	  { FLOW_OPEN, 9, 0 },
	  { { CLIENT_IN, POLLIN }, { UPSTREAM, 0 }, { CLIENT_OUT, POLLOUT } },
	  false },
	{ "--rate makes the way down pause",
	  &pipes,
	  { FLOW_OPEN, 0, 0 },
	  { FLOW_OPEN, 0, LATER },
	  { { CLIENT_IN, POLLIN }, { UPSTREAM, 0 } },
	  false },
	{ "the client has ended",
	  &tcp_client,
	  { FLOW_DONE, 0, 0 },
	  { FLOW_OPEN, 0, 0 },
	  { { CLIENT_IN, 0 }, { UPSTREAM, POLLIN } },
	  false },
	{ "both have ended",
	  &tcp_client,
	  { FLOW_DONE, 0, 0 },
	  { FLOW_DONE, 0, 0 },
	  { { 0, 0 } },
	  false },
	{ "the upstream was reset, and its last bytes wait for the client",
	  &tcp_client,
	  { FLOW_REFUSED, 0, 0 },
	  { FLOW_RESET, 9, 0 },
	  { { CLIENT_IN, POLLOUT } },
	  false },
	{ "the rest of a source that was reset is read without a wait",
	  &tcp_client,
	  { FLOW_REFUSED, 0, 0 },
	  { FLOW_OPEN, 0, CUT },
	  { { CLIENT_IN, 0 }, { UPSTREAM, POLLIN } },
	  true },
	{ "the rest of a source that was reset waits for bytes to be written",
	  &tcp_client,
	  { FLOW_REFUSED, 0, 0 },
	  { FLOW_OPEN, 9, CUT },
	  { { CLIENT_IN, POLLOUT }, { UPSTREAM, 0 } },
	  false },
};

static void fill(struct flow *f, enum flow_state state, size_t len, int more)
{
	f->state = state;
	f->len = len;
	f->ready_ms = more & LATER ? NOW_MS + 1 : 0;
	f->cut = more & CUT;
}

static void between(struct flow f[2], const struct stream *client)
{
	memset(f, 0, 2 * sizeof(*f));
	f[0].from = f[1].to = client;
	f[0].to = f[1].from = &upstream;
}

static void poll_sets(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flow f[2];
		struct slots s = { .flow = f };

		between(f, rows[i].client);
		fill(&f[0], rows[i].up.state, rows[i].up.len, rows[i].up.more);
		fill(&f[1], rows[i].down.state, rows[i].down.len, rows[i].down.more);
		slots_fill(&s, NOW_MS);
		for (int k = 0; k < SLOTS_MAX; k++) {
			int fd = rows[i].want[k].fd ? rows[i].want[k].fd : -1;

			is_int(s.slot[k].fd, fd, "%s: the descriptor of slot %d", rows[i].name, k);
			if (fd >= 0)
				is_int(s.slot[k].events, rows[i].want[k].events,
				       "%s: the events of slot %d", rows[i].name, k);
		}
		is_int(slots_needs_no_wait(&s), rows[i].no_wait, "%s: wait or not", rows[i].name);
	}
}

/* poll(2) reports an error for ever: a source that can't be read yet must be left out. */
static void held(void)
{
	struct flow f[2];
	struct slots s = { .flow = f };

	between(f, &pipes);
	fill(&f[1], FLOW_OPEN, 9, 0);
	slots_fill(&s, NOW_MS);
	s.slot[1].revents = POLLHUP;
	ok(!slots_is_ready(&s, 1), "an error behind buffered bytes makes the flow not ready");
	slots_fill(&s, NOW_MS);
	is_int(s.slot[1].fd, -1, "the source is left out while the bytes wait");
	is_int(s.slot[2].events, POLLOUT, "the sink is watched");
	f[1].len = 0;
	slots_fill(&s, NOW_MS);
	is_int(s.slot[1].fd, UPSTREAM, "the source is watched again when they are written");
	s.slot[1].revents = POLLHUP;
	ok(slots_is_ready(&s, 1), "the flow is ready to read the error then");
}

static void resets(void)
{
	struct flow f[2];
	struct slots s = { .flow = f };

	between(f, &tcp_client);
	slots_fill(&s, NOW_MS);
	s.slot[1].revents = POLLHUP;
	ok(!slots_source_was_reset(&s, 1), "POLLHUP alone may be two ends in order");
	s.slot[1].revents = POLLHUP | POLLERR;
	ok(slots_source_was_reset(&s, 1), "POLLERR is a reset");
	ok(!slots_sink_was_reset(&s, 0), "a sink that is read from tells its reset by a read");
	fill(&f[1], FLOW_DONE, 0, 0);
	slots_fill(&s, NOW_MS);
	s.slot[1].revents = POLLHUP;
	ok(slots_sink_was_reset(&s, 0), "a sink that has ended tells its reset by poll alone");
	between(f, &pipes);
	fill(&f[0], FLOW_DONE, 0, 0);
	slots_fill(&s, NOW_MS);
	s.slot[2].revents = POLLERR;
	ok(!slots_sink_was_reset(&s, 1), "a pipe that has no reader is no reset");
}

/* ---- a client with a layer ---- */

static bool has_input, has_output;

static bool layer_has_input(const struct layer *l)
{
	(void)l;
	return has_input;
}

static bool layer_has_output(const struct layer *l)
{
	(void)l;
	return has_output;
}

static struct layer layer = { .has_input = layer_has_input, .has_output = layer_has_output };

static void layers(void)
{
	struct stream client = tcp_client;
	struct flow f[2];
	struct slots s = { .flow = f };

	client.layer = &layer;
	between(f, &client);
	slots_fill(&s, NOW_MS);
	ok(!slots_needs_no_wait(&s) && !slots_is_ready(&s, 0), "an empty layer waits for poll");
	is_int(s.slot[0].events, POLLIN, "it waits until the client is readable");

	has_input = true;
	slots_fill(&s, NOW_MS);
	ok(slots_needs_no_wait(&s), "input of the layer needs no wait");
	ok(slots_is_ready(&s, 0), "the way up is ready then, whatever poll says");
	ok(!slots_is_ready(&s, 1), "the way down is not");
	fill(&f[0], FLOW_OPEN, 9, 0);
	slots_fill(&s, NOW_MS);
	ok(!slots_needs_no_wait(&s), "behind buffered bytes the input has to wait");
	fill(&f[0], FLOW_DONE, 0, 0);
	slots_fill(&s, NOW_MS);
	ok(!slots_needs_no_wait(&s), "behind the end nothing is read");

	has_input = false;
	has_output = true;
	between(f, &client);
	slots_fill(&s, NOW_MS);
	is_int(s.slot[0].events, POLLIN | POLLOUT,
	       "output that the layer keeps waits until the client is writable");
	is_int(s.slot[1].events, 0, "nothing more for the client is read meanwhile");
	s.slot[0].revents = POLLOUT;
	ok(slots_is_ready(&s, 1) && !slots_is_ready(&s, 0), "the way down is ready to send it");
	fill(&f[1], FLOW_RESET, 0, 0);
	ok(!flow_is_over(&f[1]), "it is sent after a reset of the upstream too");
	fill(&f[1], FLOW_DONE, 0, 0);
	ok(!flow_wants_write(&f[1]), "behind the end nothing is sent");

	has_output = false;
	fill(&f[1], FLOW_ENDING, 0, 0);
	slots_fill(&s, NOW_MS);
	is_int(s.slot[0].events, POLLIN | POLLOUT,
	       "an end that is being passed on waits until the client is writable");
	is_int(s.slot[1].fd, UPSTREAM, "the upstream is watched");
	is_int(s.slot[1].events, 0, "it is not read");
	ok(!flow_is_over(&f[1]), "the direction is not over");
}

int main(void)
{
	poll_sets();
	layers();
	held();
	resets();
	return done_testing();
}

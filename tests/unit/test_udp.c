/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a UDP association remembers: its names, over hours that pass at once and with a resolver
 * that answers when it is told to; its table of addresses; and its batches, before a socket that
 * takes nothing.
 */
#include "udp/names.h"
#include "udp/batch.h"
#include "udp/table.h"
#include "base/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

/* ---- a resolver in place of net/resolve_many.c ---- */

static struct {
	struct lookup job[LOOKUPS_MAX];
	unsigned asked;
	bool busy; /* takes no more */
} resolver;

int resolve_many_init(struct resolve_many *l, enum net_family family)
{
	l->family = family;
	return 7;
}

int resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag)
{
	(void)l;
	if (resolver.busy)
		return -EAGAIN;
	resolver.asked++;
	for (size_t i = 0; i < LOOKUPS_MAX; i++) {
		struct lookup *job = &resolver.job[i];

		if (job->state != LOOKUP_FREE)
			continue;
		job->dest = *dest;
		job->tag = tag;
		job->state = LOOKUP_RUNNING;
		return 0;
	}
	return -EAGAIN;
}

struct lookup *resolve_many_ended(struct resolve_many *l)
{
	(void)l;
	for (size_t i = 0; i < LOOKUPS_MAX; i++)
		if (resolver.job[i].state == LOOKUP_DONE)
			return &resolver.job[i];
	return NULL;
}

void resolve_many_forget(struct resolve_many *l, struct lookup *job)
{
	(void)l;
	job->state = LOOKUP_FREE;
}

/* ---- names ---- */

static struct udp_names names;
static const char *denied; /* an address, or a name, that the rules don't allow */
static unsigned judged;

static union endpoint endpoint(const char *text, uint16_t port)
{
	union endpoint addr;

	addr_parse(text, &addr);
	addr_set_port(&addr, port);
	return addr;
}

static bool allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	char text[ADDR_TEXT_MAX] = "";

	judged += ctx == &names;
	if (to)
		addr_format_host(to, text);
	return !denied || (strcmp(text, denied) != 0 && (to || strcmp(named->name, denied) != 0));
}

static void begin(int64_t patience_ms)
{
	memset(&names, 0, sizeof(names));
	memset(&resolver, 0, sizeof(resolver));
	denied = NULL;
	is_int(udp_names_init(&names, FAMILY_ANY, patience_ms, allows, &names), 7,
	       "the descriptor to poll");
}

/* The host that the name leads to, or the error in words. */
static const char *find(const char *name, uint16_t port, int64_t now_s, const char *data)
{
	static char text[ADDR_TEXT_MAX];
	struct dest dest = { .port = port };
	union endpoint addr;
	int err;

	strcpy(dest.name, name);
	err = udp_names_find(&names, &dest, now_s * 1000, data, strlen(data), &addr);
	if (err)
		return err == -EAGAIN ? "wait" : err == -ENOENT ? "nowhere" : "?";
	addr_format(&addr, text);
	return text;
}

/* Every lookup under way ends so: with these addresses, up to a NULL. */
static void answer(int64_t now_s, const char *const *texts)
{
	for (size_t i = 0; i < LOOKUPS_MAX; i++) {
		struct lookup *job = &resolver.job[i];

		if (job->state != LOOKUP_RUNNING)
			continue;
		job->state = LOOKUP_DONE;
		job->err = *texts ? 0 : -ENOENT;
		job->found.addr = job->addr;
		for (job->found.n = 0; texts[job->found.n]; job->found.n++)
			job->found.addr[job->found.n] =
				endpoint(texts[job->found.n], job->dest.port);
	}
	udp_names_collect(&names, now_s * 1000);
}

#define ANSWER(now_s, ...) answer(now_s, (const char *const[]){ __VA_ARGS__, NULL })
#define NO_ANSWER(now_s)   answer(now_s, (const char *const[]){ NULL })

/* All that was kept and may go now, one after another. */
static const char *released(int64_t now_s)
{
	static char text[256];
	const struct udp_held *held;
	union endpoint to;
	size_t n = 0;

	while ((held = udp_names_release(&names, now_s * 1000, &to))) {
		memcpy(text + n, held->data, held->len);
		n += held->len;
	}
	text[n] = '\0';
	return text;
}

static void waiting(void)
{
	begin(30000);
	is_str(find("a.test", 53, 0, "1"), "wait", "a new name is looked up");
	is_str(find("A.TEST", 53, 1, "2"), "wait", "in whatever letters");
	is_str(find("b.test", 53, 1, "3"), "wait", "so is another");
	is_str(released(1), "", "nothing goes before the answer");
	ANSWER(2, "192.0.2.1", "192.0.2.2");
	is_str(released(2), "123", "then all, in order");
	is_str(released(2), "", "once");
	is_str(find("a.test", 53, 2, "4"), "192.0.2.1:53", "the next one waits for nothing");
	is_str(find("a.test", 54, 2, "5"), "wait", "another port is another destination");
	is_int(resolver.asked, 3, "one question for each");

	begin(3000);
	find("a.test", 53, 0, "early");
	find("a.test", 53, 2, "late");
	ANSWER(4, "192.0.2.1");
	is_str(released(4), "late", "what has waited too long is dropped");

	begin(0);
	find("a.test", 53, 0, "patient");
	ANSWER(9999, "192.0.2.1");
	is_str(released(9999), "patient", "patience without a limit");

	begin(30000);
	for (int i = 0; i < UDP_HELD_PER_NAME + 2; i++)
		find("a.test", 53, 0, (char[]){ (char)('0' + i), '\0' });
	ANSWER(1, "192.0.2.1");
	is_str(released(1), "23456789", "of one name the latest %d wait", UDP_HELD_PER_NAME);
	begin(30000);
	for (int i = 0; i < UDP_HELD_MAX + 2; i++)
		find((char[]){ (char)('a' + i / 8), '\0' }, 53, 0, (char[]){ (char)('A' + i), '\0' });
	ANSWER(1, "192.0.2.1");
	is_str(released(1), "CDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`ab", "of all the latest %d",
	       UDP_HELD_MAX);
}

static void ages(void)
{
	begin(30000);
	find("a.test", 53, 0, "");
	ANSWER(0, "192.0.2.1");
	is_str(find("a.test", 53, 59, ""), "192.0.2.1:53", "an answer holds for a minute");
	is_int(resolver.asked, 1, "with one question");
	is_str(find("a.test", 53, 60, ""), "192.0.2.1:53", "the old one serves");
	is_int(resolver.asked, 2, "while it is asked again");
	is_str(find("a.test", 53, 61, ""), "192.0.2.1:53", "and again");
	is_int(resolver.asked, 2, "but once");
	ANSWER(62, "192.0.2.2", "192.0.2.1");
	is_str(find("a.test", 53, 62, ""), "192.0.2.1:53", "it stays if it is among the new ones");
	find("a.test", 53, 130, "");
	ANSWER(130, "192.0.2.2", "192.0.2.3");
	is_str(find("a.test", 53, 130, ""), "192.0.2.2:53", "and gives way if it is not");
	find("a.test", 53, 200, "");
	is_str(find("a.test", 53, 489, ""), "192.0.2.2:53", "without an answer it serves on");
	is_str(find("a.test", 53, 490, ""), "wait", "for five minutes");
	ANSWER(491, "192.0.2.9");
	is_str(find("a.test", 53, 491, ""), "192.0.2.9:53", "until there is one");
	find("a.test", 53, 600, "");
	NO_ANSWER(600);
	is_str(find("a.test", 53, 600, ""), "nowhere", "a name that is no more leads nowhere");
	is_str(find("a.test", 53, 604, ""), "nowhere", "for a while");
	is_str(find("a.test", 53, 605, ""), "wait", "and is asked again soon");
}

static void rules(void)
{
	begin(30000);
	denied = "192.0.2.1";
	find("a.test", 53, 0, "x");
	ANSWER(0, "192.0.2.1", "192.0.2.2");
	is_str(find("a.test", 53, 0, ""), "192.0.2.2:53", "an address that is denied is left out");
	denied = "192.0.2.2";
	is_str(find("a.test", 53, 60, ""), "192.0.2.2:53", "the rules are asked again");
	judged = 0;
	ANSWER(60, "192.0.2.1", "192.0.2.2");
	ok(judged > 0, "with the new answer");
	is_str(find("a.test", 53, 60, ""), "192.0.2.1:53", "and what they deny now gives way");
	denied = "192.0.2.9";
	find("b.test", 53, 60, "y");
	ANSWER(60, "192.0.2.9");
	is_str(find("b.test", 53, 60, ""), "nowhere", "all denied is nowhere");
	is_str(released(60), "", "and what waited is dropped");
	resolver.asked = 0;
	denied = "c.test";
	is_str(find("c.test", 53, 60, ""), "nowhere", "a name that can't be allowed");
	is_int(resolver.asked, 0, "is asked nobody for");
	denied = NULL;
	is_str(find("c.test", 53, 119, ""), "nowhere", "nor in the next minute");
	is_str(find("c.test", 53, 120, ""), "wait", "then the rules are asked again");
}

static void many(void)
{
	char name[16];

	begin(30000);
	resolver.busy = true;
	is_str(find("a.test", 53, 0, ""), "nowhere", "too many lookups: dropped");
	resolver.busy = false;
	is_str(find("a.test", 53, 0, ""), "wait", "and tried again with the next one");
	ANSWER(0, "192.0.2.1");
	for (int i = 0; i < 3 * UDP_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "n%d.test", i);
		find(name, 53, 1 + i / 10, "");
		ANSWER(1 + i / 10, "192.0.2.1");
		find("kept.test", 53, 1 + i / 10, "");
	}
	resolver.asked = 0;
	is_str(find(name, 53, 21, ""), "192.0.2.1:53", "the latest names are remembered");
	is_str(find("kept.test", 53, 21, ""), "192.0.2.1:53", "and what is in use");
	is_int(resolver.asked, 0, "without a question");
	is_str(find("n0.test", 53, 21, ""), "wait", "the oldest are not");
	/* As if the resolver took all of them. */
	begin(30000);
	for (size_t i = 0; i < UDP_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "n%zu.test", i);
		find(name, 53, 0, "");
		names.name[i].asked = true;
	}
	is_str(find("more.test", 53, 0, ""), "nowhere", "no place, no harm");
}

/* A new name: is it looked up? */
static bool is_asked(int64_t now_s)
{
	static unsigned count;
	unsigned before = resolver.asked;
	char name[16];

	snprintf(name, sizeof(name), "t%u.test", count++);
	find(name, 53, now_s, "");
	ANSWER(now_s, "192.0.2.1");
	return resolver.asked != before;
}

static unsigned asked_of(int tries, int64_t now_s)
{
	unsigned n = 0;

	while (tries--)
		n += is_asked(now_s);
	return n;
}

static void tokens(void)
{
	begin(30000);
	is_int(asked_of(100, 1000), 64, "64 names are looked up at once");
	is_str(names.trouble, "too many names to look up: 64 at once, then 10 a second",
	       "the others are told of in words");
	is_int(asked_of(100, 1001), 10, "then ten a second");
	is_int(asked_of(100, 1003), 20, "whatever second it is");
	is_int(asked_of(100, 9000), 64, "after a rest, 64 again and no more");

	begin(30000);
	find("known.test", 53, 1000, "");
	ANSWER(1000, "192.0.2.7");
	asked_of(63, 1000);
	is_str(find("new.test", 53, 1000, ""), "nowhere", "a name too many is dropped");
	asked_of(1000, 1000);
	is_str(find("known.test", 53, 1000, ""), "192.0.2.7:53", "and takes nobody's place");
	for (int i = 0; i < 64; i++) {
		is_asked(1059);
		find("known.test", 53, 1059, "");
	}
	is_int(asked_of(10, 1060), 10, "all that is left");
	resolver.asked = 0;
	is_str(find("known.test", 53, 1060, ""), "192.0.2.7:53",
	       "a known one leads where it did, while it may not be looked up again");
	is_int(resolver.asked, 0, "which counts as well");
	is_str(find("known.test", 53, 1061, ""), "192.0.2.7:53", "and as soon as it may");
	is_int(resolver.asked, 1, "it is");
	is_int(asked_of(100, 1061), 9, "for a token");

	begin(30000);
	denied = "no.test";
	for (int i = 0; i < 100; i++)
		find("no.test", (uint16_t)(i + 1), 1000, "");
	resolver.busy = true;
	asked_of(100, 1000);
	resolver.busy = false;
	is_int(asked_of(100, 1000), 64, "what nobody is asked for costs none");
}

/* ---- the table ---- */

static union endpoint numbered(int i)
{
	const uint8_t bytes[4] = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
	union endpoint addr;

	addr_set_ipv4(&addr, bytes, 53);
	return addr;
}

static void table(void)
{
	static struct udp_table t;
	const int n = 4 * UDP_TABLE_SETS * UDP_TABLE_WAYS;
	union endpoint a = endpoint("192.0.2.7", 53), b = endpoint("192.0.2.7", 54), c;
	int left = 0, known = 0;

	ok(!udp_table_find(&t, &a), "an empty one");
	udp_table_use(&t, &a)->time_ms = 5;
	is_int(udp_table_use(&t, &a)->time_ms, 5, "found again");
	ok(!udp_table_find(&t, &b), "the port counts");
	c = endpoint("2001:db8::7", 53);
	ok(!udp_table_find(&t, &c), "so does the family");
	for (int i = 0; i < n; i++) {
		c = numbered(i);
		known += udp_table_use(&t, &c)->time_ms != 0;
		udp_table_use(&t, &a);
	}
	is_int(known, 0, "a new one is empty, whatever was in its place");
	ok(udp_table_find(&t, &c), "the latest is there");
	ok(udp_table_find(&t, &a), "and what is in use");
	for (int i = 0; i < n; i++) {
		c = numbered(i);
		left += udp_table_find(&t, &c) != NULL;
	}
	ok(left > n / 5 && left <= n / 4, "%d of %d have a place", left, n);
}

/* ---- batches ---- */

static void batches(void)
{
	static struct udp_batch b, in; /* one for each direction */
	static struct udp_buffer buf;
	static uint8_t data[1000];
	union endpoint nowhere = endpoint("127.0.0.1", 0), here = endpoint("127.0.0.1", 0);
	socklen_t len = sizeof(here);
	struct udp_sent sent = { 0 };
	int pair[2], to, from;
	int64_t began;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		exit(1);
	while (send(pair[0], data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	while (!udp_batch_append(&b, NULL, data, sizeof(data)))
		;
	began = wait_now();
	is_int(udp_batch_send(pair[0], &b, &sent), 0, "a socket that takes nothing is no error");
	ok(wait_now() - began < 1000, "nor waited for with each datagram");
	is_int(sent.datagrams, 0, "what it did not take is not counted");
	is_int(b.n, 0, "and gone");

	to = socket(AF_INET, SOCK_DGRAM, 0);
	from = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(to, &here.sa, addr_len(&here)) < 0 || getsockname(to, &here.sa, &len) < 0)
		exit(1);
	for (int i = 0; i < 9; i++)
		udp_batch_append(&b, i % 3 ? &here : &nowhere, data, (size_t)i);
	is_int(udp_batch_send(from, &b, &sent), 0, "no error of one");
	is_int(sent.datagrams, 6, "keeps another from being sent");
	is_int(sent.bytes, 1 + 2 + 4 + 5 + 7 + 8, "bytes");
	udp_batch_receive(to, &in, &buf);
	is_int(in.n, 6, "all at once");
	is_int(in.iov[0].iov_len, 1, "with their lengths");
	is_int(in.iov[5].iov_len, 8, "each");
	ok(in.iov[5].iov_base == buf.bytes[5] + UDP_HEADROOM, "behind room for a header");
}

int main(void)
{
	waiting();
	ages();
	rules();
	many();
	tokens();
	table();
	batches();
	return done_testing();
}

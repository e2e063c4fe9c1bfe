/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a UDP association remembers: its names, through hours that pass at once, with a resolver
 * that answers when the test says so; its table of addresses; and its batches, at a socket that
 * accepts nothing.
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
static const char *denied; /* the address or name that the rules deny */
static unsigned judged;

static union endpoint endpoint(const char *text, uint16_t port)
{
	union endpoint addr;

	addr_parse(text, &addr);
	addr_set_port(&addr, port);
	return addr;
}

static int allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	char text[ADDR_TEXT_MAX] = "";

	judged += ctx == &names;
	if (to)
		addr_format_host(to, text);
	if (denied && (strcmp(text, denied) == 0 || (!to && strcmp(named->name, denied) == 0)))
		return -EACCES;
	/* Each address has a way of its own. */
	return to ? ((const uint8_t *)&to->in.sin_addr)[3] : 0;
}

static void begin(int64_t patience_ms)
{
	memset(&names, 0, sizeof(names));
	memset(&resolver, 0, sizeof(resolver));
	denied = NULL;
	is_int(udp_names_init(&names, FAMILY_ANY, patience_ms, allows, &names), 7,
	       "the descriptor to poll is returned");
}

/* Returns the address that the name leads to, or the error in words. */
static const char *find(const char *name, uint16_t port, int64_t now_s, const char *data)
{
	static char text[ADDR_TEXT_MAX];
	struct dest dest = { .port = port };
	struct udp_target at;
	int err;

	strcpy(dest.name, name);
	err = udp_names_find(&names, &dest, now_s * 1000, data, data ? strlen(data) : 0, &at);
	if (err == -EACCES || err == -EBUSY)
		return err == -EACCES ? "denied" : "busy";
	if (err)
		return err == -EAGAIN ? "wait" : err == -ENOENT ? "nowhere" : "?";
	addr_format(&at.addr, text);
	return text;
}

/* Ends every lookup under way, with these addresses, up to a NULL. */
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

/* Returns all that was held and may be sent now, one after another. */
static const char *released(int64_t now_s)
{
	static char text[256];
	const struct udp_held *held;
	struct udp_target to;
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
	is_str(find("a.test", 53, 0, "1"), "wait",
	       "a new name is looked up, and the datagram waits");
	is_str(find("A.TEST", 53, 1, "2"), "wait", "upper and lower case are one name");
	is_str(find("b.test", 53, 1, "3"), "wait", "another name is looked up too");
	is_str(released(1), "", "nothing is sent before the answer");
	ANSWER(2, "192.0.2.1", "192.0.2.2");
	is_str(released(2), "123", "after the answer all are sent, in order");
	is_str(released(2), "", "none is sent twice");
	is_str(find("a.test", 53, 2, "4"), "192.0.2.1:53",
	       "the next datagram to that name does not wait");
	is_str(find("a.test", 54, 2, "5"), "wait", "another port is another destination");
	is_int(resolver.asked, 3, "each destination was looked up once");

	begin(3000);
	find("a.test", 53, 0, "early");
	find("a.test", 53, 2, "late");
	ANSWER(4, "192.0.2.1");
	is_str(released(4), "late", "a datagram that has waited too long is dropped");

	begin(0);
	find("a.test", 53, 0, "patient");
	ANSWER(9999, "192.0.2.1");
	is_str(released(9999), "patient", "without a limit a datagram waits for any time");

	begin(30000);
	is_str(find("a.test", 53, 0, NULL), "wait", "a question without a datagram waits too");
	ANSWER(1, "192.0.2.1");
	is_str(released(1), "", "but nothing is sent for it");
	is_str(find("a.test", 53, 1, NULL), "192.0.2.1:53", "and it gets the answer");

	begin(30000);
	for (int i = 0; i < UDP_HELD_PER_NAME + 2; i++)
		find("a.test", 53, 0, (char[]){ (char)('0' + i), '\0' });
	ANSWER(1, "192.0.2.1");
	is_str(released(1), "23456789", "the latest %d datagrams to one name wait",
	       UDP_HELD_PER_NAME);
	begin(30000);
	for (int i = 0; i < UDP_HELD_MAX + 2; i++)
		find((char[]){ (char)('a' + i / 8), '\0' }, 53, 0,
		     (char[]){ (char)('A' + i), '\0' });
	ANSWER(1, "192.0.2.1");
	is_str(released(1), "CDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`ab",
	       "the latest %d of all datagrams wait", UDP_HELD_MAX);
}

static void ages(void)
{
	begin(30000);
	find("a.test", 53, 0, "");
	ANSWER(0, "192.0.2.1");
	is_str(find("a.test", 53, 59, ""), "192.0.2.1:53", "an answer is good for a minute");
	is_int(resolver.asked, 1, "one lookup was made for it");
	is_str(find("a.test", 53, 60, ""), "192.0.2.1:53",
	       "after a minute the old answer is still used");
	is_int(resolver.asked, 2, "while the name is looked up again");
	is_str(find("a.test", 53, 61, ""), "192.0.2.1:53", "and it is used a second later");
	is_int(resolver.asked, 2, "but the name is looked up once");
	ANSWER(62, "192.0.2.2", "192.0.2.1");
	is_str(find("a.test", 53, 62, ""), "192.0.2.1:53",
	       "the address stays if it is in the new answer");
	find("a.test", 53, 130, "");
	ANSWER(130, "192.0.2.2", "192.0.2.3");
	is_str(find("a.test", 53, 130, ""), "192.0.2.2:53",
	       "the address changes if it is not in the new answer");
	find("a.test", 53, 200, "");
	is_str(find("a.test", 53, 489, ""), "192.0.2.2:53",
	       "without an answer the old address is used");
	is_str(find("a.test", 53, 490, ""), "wait", "but after five minutes it is not");
	ANSWER(491, "192.0.2.9");
	is_str(find("a.test", 53, 491, ""), "192.0.2.9:53", "the next answer is used");
	find("a.test", 53, 600, "");
	NO_ANSWER(600);
	is_str(find("a.test", 53, 600, ""), "nowhere",
	       "a name that no longer exists leads nowhere");
	is_str(find("a.test", 53, 604, ""), "nowhere", "it leads nowhere for five seconds");
	is_str(find("a.test", 53, 605, ""), "wait", "then it is looked up again");
}

static void rules(void)
{
	begin(30000);
	denied = "192.0.2.1";
	find("a.test", 53, 0, "x");
	ANSWER(0, "192.0.2.1", "192.0.2.2");
	is_str(find("a.test", 53, 0, ""), "192.0.2.2:53", "an address that is denied is skipped");
	denied = "192.0.2.2";
	is_str(find("a.test", 53, 60, ""), "192.0.2.2:53",
	       "an address in use stays while the name is looked up again");
	judged = 0;
	ANSWER(60, "192.0.2.1", "192.0.2.2");
	ok(judged > 0, "the rules are asked about the new answer");
	is_str(find("a.test", 53, 60, ""), "192.0.2.1:53",
	       "an address that is denied now is given up");
	denied = "192.0.2.9";
	find("b.test", 53, 60, "y");
	ANSWER(60, "192.0.2.9");
	is_str(find("b.test", 53, 60, ""), "denied",
	       "a name of which every address is denied leads nowhere");
	is_str(released(60), "", "the datagrams that waited for it are dropped");
	denied = NULL;
	find("b.test", 53, 65, "");
	NO_ANSWER(65);
	is_str(find("b.test", 53, 65, ""), "nowhere",
	       "later it has no address, which is another reason");
	resolver.asked = 0;
	denied = "c.test";
	is_str(find("c.test", 53, 60, ""), "denied", "a name that can't be allowed leads nowhere");
	is_int(resolver.asked, 0, "it is not looked up");
	denied = NULL;
	is_str(find("c.test", 53, 119, ""), "denied", "it leads nowhere for a minute");
	is_str(find("c.test", 53, 120, ""), "wait", "after a minute the rules are asked again");
}

static void many(void)
{
	char name[16];

	begin(30000);
	resolver.busy = true;
	is_str(find("a.test", 53, 0, ""), "busy",
	       "with too many lookups under way a datagram is dropped");
	resolver.busy = false;
	is_str(find("a.test", 53, 0, ""), "wait", "the next datagram has the name looked up");
	ANSWER(0, "192.0.2.1");
	for (int i = 0; i < 3 * UDP_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "n%d.test", i);
		find(name, 53, 1 + i / 10, "");
		ANSWER(1 + i / 10, "192.0.2.1");
		find("kept.test", 53, 1 + i / 10, "");
	}
	resolver.asked = 0;
	is_str(find(name, 53, 21, ""), "192.0.2.1:53", "the latest name is remembered");
	is_str(find("kept.test", 53, 21, ""), "192.0.2.1:53", "a name in use is remembered");
	is_int(resolver.asked, 0, "neither is looked up again");
	is_str(find("n0.test", 53, 21, ""), "wait", "the oldest name is forgotten");
	/* As if the resolver had accepted all of them. */
	begin(30000);
	for (size_t i = 0; i < UDP_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "n%zu.test", i);
		find(name, 53, 0, "");
		names.name[i].asked = true;
	}
	is_str(find("more.test", 53, 0, ""), "busy",
	       "with every place in use by a lookup, a new name leads nowhere");
}

/* True if a new name is looked up. */
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
	is_int(asked_of(100, 1000), 64, "64 names are looked up at once, and no more");
	is_str(names.trouble, "too many names to look up: 64 at once, then 10 a second",
	       "the reason why the others are not is given");
	is_int(asked_of(100, 1001), 10, "a second later ten more are looked up");
	is_int(asked_of(100, 1003), 20, "two seconds later twenty more are");
	is_int(asked_of(100, 9000), 64, "after a long rest 64 again, and no more");

	begin(30000);
	find("known.test", 53, 1000, "");
	ANSWER(1000, "192.0.2.7");
	asked_of(63, 1000);
	is_str(find("new.test", 53, 1000, ""), "busy",
	       "a datagram to one name too many is dropped");
	asked_of(1000, 1000);
	is_str(find("known.test", 53, 1000, ""), "192.0.2.7:53",
	       "names that are not looked up push no known name out");
	for (int i = 0; i < 64; i++) {
		is_asked(1059);
		find("known.test", 53, 1059, "");
	}
	is_int(asked_of(10, 1060), 10, "ten lookups are left");
	resolver.asked = 0;
	is_str(find("known.test", 53, 1060, ""), "192.0.2.7:53",
	       "a known name that may not be looked up again leads where it did");
	is_int(resolver.asked, 0, "it is not looked up");
	is_str(find("known.test", 53, 1061, ""), "192.0.2.7:53",
	       "a second later it leads there too");
	is_int(resolver.asked, 1, "and is looked up again");
	is_int(asked_of(100, 1061), 9, "which leaves nine for others");

	begin(30000);
	denied = "no.test";
	for (int i = 0; i < 100; i++)
		find("no.test", (uint16_t)(i + 1), 1000, "");
	resolver.busy = true;
	asked_of(100, 1000);
	resolver.busy = false;
	is_int(asked_of(100, 1000), 64, "names that are not looked up leave all 64");
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

	ok(!udp_table_find(&t, &a), "an empty table has no address");
	udp_table_use(&t, &a)->time_ms = 5;
	is_int(udp_table_use(&t, &a)->time_ms, 5, "an address is found again");
	ok(!udp_table_find(&t, &b), "another port is another address");
	c = endpoint("2001:db8::7", 53);
	ok(!udp_table_find(&t, &c), "another family is another address");
	for (int i = 0; i < n; i++) {
		c = numbered(i);
		known += udp_table_use(&t, &c)->time_ms != 0;
		udp_table_use(&t, &a);
	}
	is_int(known, 0, "a new entry is empty, whatever was in its place");
	ok(udp_table_find(&t, &c), "the latest address is there");
	ok(udp_table_find(&t, &a), "the address in use is there");
	for (int i = 0; i < n; i++) {
		c = numbered(i);
		left += udp_table_find(&t, &c) != NULL;
	}
	ok(left > n / 5 && left <= n / 4, "%d of %d addresses have a place", left, n);
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
	while (!udp_batch_append(&b, NULL, data, sizeof(data), sizeof(data)))
		;
	began = wait_now();
	is_int(udp_batch_send(pair[0], &b, &sent), 0, "a socket that takes nothing is no error");
	ok(wait_now() - began < 1000, "it is not waited for with each datagram");
	is_int(sent.datagrams, 0, "datagrams that it does not take are not counted");
	is_int(b.n, 0, "they are dropped");

	to = socket(AF_INET, SOCK_DGRAM, 0);
	from = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(to, &here.sa, addr_len(&here)) < 0 || getsockname(to, &here.sa, &len) < 0)
		exit(1);
	for (int i = 0; i < 9; i++)
		udp_batch_append(&b, i % 3 ? &here : &nowhere, data, (size_t)i + 1, (size_t)i);
	is_int(udp_batch_send(from, &b, &sent), 0,
	       "an error of one datagram is no error of the batch");
	is_int(sent.datagrams, 6, "the other datagrams are sent");
	is_int(sent.payload, 1 + 2 + 4 + 5 + 7 + 8, "their payload is counted");
	udp_batch_receive(to, &in, &buf);
	is_int(in.n, 6, "they are received at once");
	is_int(in.iov[0].iov_len, 2, "the first has its length");
	is_int(in.iov[5].iov_len, 9, "the last has its length");
	ok(in.iov[5].iov_base == buf.bytes[5] + UDP_HEADROOM,
	   "there is room for a header in front of them");
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

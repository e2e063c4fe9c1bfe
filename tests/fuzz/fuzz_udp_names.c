/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of an association, with a resolver that answers when and what the input says. A
 * datagram goes to an address of its own name that the rules allow, once, in order and in time, or
 * it is dropped. No more names are looked up than a client may ask for in that time.
 *
 * The input is a list of steps of three bytes: a datagram to a name, time that passes, or the
 * answer to a lookup under way.
 */
#include "udp/names.h"
#include "base/wait.h"

#include "fuzz.h"

#include <errno.h>

enum { STEPS_MAX = 400, NAMES = 80, PATIENCE_MS = 10000, ADDRESSES = 8, START_MS = 1000 };

static struct udp_names names;
static struct lookup job[LOOKUPS_MAX];
static uint64_t tickets;
static int64_t now_ms, asked;

/* The content of each datagram: what it is. */
struct datagram {
	unsigned id, name;
	int64_t until_ms;
};

static unsigned last_released[NAMES];
static bool was_released[STEPS_MAX];
static uint8_t answered[NAMES]; /* the addresses that each name ever had, a bit each */

static union endpoint address(unsigned i)
{
	const uint8_t bytes[4] = { 192, 0, 2, (uint8_t)i };
	union endpoint addr = { 0 };

	addr_set_ipv4(&addr, bytes, 53);
	return addr;
}

static unsigned number(const union endpoint *addr)
{
	MUST(addr->sa.sa_family == AF_INET);
	return ntohl(addr->in.sin_addr.s_addr) & 0xff;
}

/* Every third address is denied, and every seventh name. Each address has a way of its own. */
static int allows(void *ctx, const struct dest *named, const union endpoint *to)
{
	unsigned name = (unsigned)strtoul(named->name + 1, NULL, 10);

	(void)ctx;
	MUST(named->name[0] == 'n' && named->port == 53);
	if (name % 7 == 0 || (to && number(to) % 3 == 0))
		return -EACCES;
	return to ? (int)number(to) : 0;
}

/* These replace the program's threads, by the linker's --wrap. */
int __wrap_resolve_many_init(struct resolve_many *l, enum net_family family);
int __wrap_resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag);
struct lookup *__wrap_resolve_many_ended(struct resolve_many *l);
void __wrap_resolve_many_forget(struct resolve_many *l, struct lookup *done);

int __wrap_resolve_many_init(struct resolve_many *l, enum net_family family)
{
	(void)l;
	(void)family;
	return 0;
}

int __wrap_resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag)
{
	(void)l;
	MUST(tag < UDP_NAMES_MAX && allows(NULL, dest, NULL) == 0);
	for (size_t i = 0; i < LOOKUPS_MAX; i++)
		MUST(job[i].state == LOOKUP_FREE || job[i].tag != tag);
	for (size_t i = 0; i < LOOKUPS_MAX; i++) {
		if (job[i].state != LOOKUP_FREE)
			continue;
		job[i] = (struct lookup){
			.dest = *dest, .tag = tag, .state = LOOKUP_RUNNING, .ticket = ++tickets
		};
		/* 64 at once, and one more each tenth of a second. */
		MUST(++asked <= 64 + (now_ms - START_MS) / 100);
		return 0;
	}
	return -EAGAIN;
}

struct lookup *__wrap_resolve_many_ended(struct resolve_many *l)
{
	(void)l;
	for (size_t i = 0; i < LOOKUPS_MAX; i++)
		if (job[i].state == LOOKUP_DONE)
			return &job[i];
	return NULL;
}

void __wrap_resolve_many_forget(struct resolve_many *l, struct lookup *done)
{
	(void)l;
	MUST(done->state == LOOKUP_DONE);
	done->state = LOOKUP_FREE;
}

static void must_lead(unsigned name, const struct udp_target *to)
{
	unsigned n = number(&to->addr);

	MUST(n % 3 != 0 && (answered[name] & 1 << n) && to->way == (int)n);
}

static void release_all(void)
{
	const struct udp_held *held;
	struct udp_target to;

	udp_names_collect(&names, now_ms);
	while ((held = udp_names_release(&names, now_ms, &to))) {
		struct datagram d;

		MUST(held->len == sizeof(d));
		memcpy(&d, held->data, sizeof(d));
		MUST(!was_released[d.id] && d.id >= last_released[d.name] && now_ms < d.until_ms);
		was_released[d.id] = true;
		last_released[d.name] = d.id;
		must_lead(d.name, &to);
	}
}

static void send_datagram(unsigned id, unsigned name)
{
	struct datagram d = { id, name, now_ms + PATIENCE_MS };
	struct dest dest = { .port = 53 };
	struct udp_target to;
	int r;

	snprintf(dest.name, sizeof(dest.name), name & 1 ? "n%u" : "n%u.x", name);
	r = udp_names_find(&names, &dest, now_ms, &d, sizeof(d), &to);
	MUST(r == 0 || r == -ENOENT || r == -EACCES || r == -EBUSY || r == -EAGAIN);
	/* Every seventh name is denied. */
	MUST(name % 7 || r == -EACCES || r == -EBUSY);
	if (r == 0)
		must_lead(name, &to);
	was_released[id] = r != -EAGAIN;
}

/* Ends a lookup, the first that runs from number which on, with these addresses. */
static void answer(unsigned which, uint8_t addresses)
{
	for (size_t i = 0; i < LOOKUPS_MAX; i++) {
		struct lookup *j = &job[(i + which) % LOOKUPS_MAX];

		if (j->state != LOOKUP_RUNNING)
			continue;
		j->state = LOOKUP_DONE;
		j->err = addresses ? 0 : -ENOENT;
		j->found.addr = j->addr;
		for (unsigned k = 0; k < ADDRESSES; k++)
			if (addresses & 1 << k)
				j->found.addr[j->found.n++] = address(k);
		answered[strtoul(j->dest.name + 1, NULL, 10)] |= addresses;
		break;
	}
	release_all();
}

/* Clears everything but the datagrams' bytes, which are many. */
static void begin(void)
{
	memset(&names.lookups, 0, sizeof(names.lookups));
	memset(names.name, 0, sizeof(names.name));
	for (size_t i = 0; i < UDP_HELD_MAX; i++)
		names.held[i].order = 0;
	names.uses = 0;
	names.full_ms = 0;
	memset(job, 0, sizeof(job));
	memset(last_released, 0, sizeof(last_released));
	memset(answered, 0, sizeof(answered));
	now_ms = START_MS;
	asked = 0;
	MUST(udp_names_init(&names, FAMILY_ANY, PATIENCE_MS, allows, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin();
	for (unsigned i = 0; i < STEPS_MAX && size >= 3; i++, data += 3, size -= 3) {
		if (data[0] % 4 < 2)
			send_datagram(i, data[1] % NAMES);
		else if (data[0] % 4 == 2)
			now_ms += (data[1] << 8 | data[2]) * 10;
		else
			answer(data[1], data[2]);
	}
	return 0;
}

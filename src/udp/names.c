/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the addresses of names, and keeps datagrams that wait for them. A name keeps its address as
 * long as later lookups still return it, so that a conversation does not move to another host when
 * a name server rotates its answers. The old address is used while the name is looked up again.
 */
#include "udp/names.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum {
	FRESH_MS = 60 * 1000, /* getaddrinfo(3) does not tell a time to live */
	FRESH_NOWHERE_MS = 5 * 1000,
	STALE_MS = 300 * 1000, /* how long an old address is used if the resolver is silent */
};

int udp_names_init(struct udp_names *n, enum net_family family, int64_t patience_ms,
		   udp_allows *allows, void *ctx)
{
	n->patience_ms = patience_ms;
	n->allows = allows;
	n->ctx = ctx;
	return resolve_many_init(&n->lookups, family);
}

static bool is_nowhere(const struct udp_name *e)
{
	return e->to.addr.sa.sa_family == AF_UNSPEC;
}

static struct udp_name *find(struct udp_names *n, const struct dest *dest)
{
	for (size_t i = 0; i < UDP_NAMES_MAX; i++)
		if (n->name[i].dest.port == dest->port &&
		    strcasecmp(n->name[i].dest.name, dest->name) == 0)
			return &n->name[i];
	return NULL;
}

/* Replaces the entry that was used longest ago, except those that are being looked up. */
static struct udp_name *make(struct udp_names *n, const struct dest *dest)
{
	struct udp_name *e = NULL;

	for (size_t i = 0; i < UDP_NAMES_MAX; i++)
		if (!n->name[i].asked && (!e || n->name[i].used < e->used))
			e = &n->name[i];
	if (!e)
		return NULL;
	memset(e, 0, sizeof(*e));
	e->dest = *dest;
	return e;
}

/* Returns a place to keep a datagram in: a free one, or that of an older datagram. */
static struct udp_held *find_place(struct udp_names *n, size_t name)
{
	struct udp_held *oldest = &n->held[0], *own = NULL;
	size_t owned = 0;

	for (size_t i = 0; i < UDP_HELD_MAX; i++) {
		struct udp_held *h = &n->held[i];

		if (h->order < oldest->order)
			oldest = h;
		if (!h->order || h->name != name)
			continue;
		owned++;
		if (!own || h->order < own->order)
			own = h;
	}
	return owned < UDP_HELD_PER_NAME ? oldest : own;
}

static void hold(struct udp_names *n, size_t name, int64_t now_ms, const void *data, size_t len)
{
	struct udp_held *h = find_place(n, name);

	h->order = ++n->uses;
	h->name = name;
	h->until_ms = n->patience_ms ? now_ms + n->patience_ms : WAIT_FOREVER;
	h->len = len;
	memcpy(h->data, data, len);
}

static bool may_look_up(struct udp_names *n, int64_t now_ms)
{
	const int64_t most = (UDP_LOOKUPS_AT_ONCE - 1) * UDP_LOOKUP_EVERY_MS;

	if (n->full_ms - now_ms <= most)
		return true;
	n->trouble = "too many names to look up: 64 at once, then 10 a second";
	return false;
}

static void take_token(struct udp_names *n, int64_t now_ms)
{
	n->full_ms = (n->full_ms > now_ms ? n->full_ms : now_ms) + UDP_LOOKUP_EVERY_MS;
}

/* Asks the rules first: a name that they deny at any address is not looked up. */
static void look_up(struct udp_names *n, struct udp_name *e, int64_t now_ms)
{
	int err;

	if (n->allows(n->ctx, &e->dest, NULL) < 0) {
		memset(&e->to, 0, sizeof(e->to));
		e->denied = true;
		e->fresh_until_ms = now_ms + FRESH_MS;
		return;
	}
	if (!may_look_up(n, now_ms))
		return;
	err = resolve_many_ask(&n->lookups, &e->dest, (size_t)(e - n->name));
	e->asked = !err;
	if (err < 0)
		n->trouble = strerror(-err);
	else
		take_token(n, now_ms);
}

int udp_names_find(struct udp_names *n, const struct dest *dest, int64_t now_ms, const void *data,
		   size_t len, struct udp_target *ret)
{
	struct udp_name *e = find(n, dest);

	if (!e && may_look_up(n, now_ms))
		e = make(n, dest);
	if (!e)
		return -EBUSY;
	e->used = ++n->uses;
	if (!e->asked && now_ms >= e->fresh_until_ms)
		look_up(n, e, now_ms);
	if (!is_nowhere(e) && now_ms >= e->fresh_until_ms + STALE_MS)
		memset(&e->to, 0, sizeof(e->to));
	if (!is_nowhere(e)) {
		*ret = e->to;
		return 0;
	}
	if (!e->asked && now_ms >= e->fresh_until_ms)
		return -EBUSY;
	if (!e->asked)
		return e->denied ? -EACCES : -ENOENT;
	if (data)
		hold(n, (size_t)(e - n->name), now_ms, data, len);
	return -EAGAIN;
}

/*
 * Chooses among the addresses that are allowed: the one that the name has already, if it was found
 * again, or else the first; AF_UNSPEC if there is none.
 */
static void choose(const struct udp_names *n, struct udp_name *e, const struct lookup *job)
{
	const union endpoint *chosen = NULL;
	int chosen_way = 0;

	for (size_t i = 0; job->err == 0 && i < job->found.n; i++) {
		const union endpoint *addr = &job->found.addr[i];
		bool same = addr_same(addr, &e->to.addr);
		int way = !same && chosen ? -EEXIST : n->allows(n->ctx, &e->dest, addr);

		if (way < 0)
			continue;
		chosen = addr;
		chosen_way = way;
		if (same)
			break;
	}
	e->denied = !chosen && job->err == 0 && job->found.n;
	if (chosen)
		e->to = (struct udp_target){ .addr = *chosen, .way = chosen_way };
	else
		memset(&e->to, 0, sizeof(e->to));
}

void udp_names_collect(struct udp_names *n, int64_t now_ms)
{
	struct lookup *job;

	while ((job = resolve_many_ended(&n->lookups))) {
		struct udp_name *e = &n->name[job->tag];

		choose(n, e, job);
		if (job->err < 0)
			n->trouble = job->why ? job->why : strerror(-job->err);
		e->asked = false;
		e->fresh_until_ms = now_ms + (is_nowhere(e) ? FRESH_NOWHERE_MS : FRESH_MS);
		resolve_many_forget(&n->lookups, job);
	}
}

const struct udp_held *udp_names_release(struct udp_names *n, int64_t now_ms, struct udp_target *to)
{
	for (;;) {
		struct udp_held *h = NULL;

		for (size_t i = 0; i < UDP_HELD_MAX; i++)
			if (n->held[i].order && !n->name[n->held[i].name].asked &&
			    (!h || n->held[i].order < h->order))
				h = &n->held[i];
		if (!h)
			return NULL;
		h->order = 0;
		*to = n->name[h->name].to;
		if (to->addr.sa.sa_family != AF_UNSPEC && now_ms < h->until_ms)
			return h;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes slots: hashes the name of what is counted, and tries to lock a byte of its region. Keeps no
 * lock of a slot but the one that it takes, so those who contend never stand in each other's way.
 */
#include "net/limits.h"
#include "base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	DIRECT_MAX = 16, /* up to so many slots are tried without marks */
	AREAS = 255,	 /* of marks, each with room for LIMITS_MAX */
	AREA_LEN = LIMITS_MAX,
	NAME_MAX_LEN = 255,
};

/* The slots of what is counted. */
struct region {
	off_t slots;
	uint32_t marks;
	unsigned max;
};

/* The first byte of a name is its kind, so that no user is counted as a client. */
static struct region place(const struct limits *l, const uint8_t *name, size_t len, unsigned max)
{
	uint64_t hash = siphash(l->key, name, len);

	return (struct region){
		.slots = (off_t)((hash >> 2 | UINT64_C(1) << 62) & ~(uint64_t)(LIMITS_MAX - 1)),
		.marks = (uint32_t)(hash % LIMITS_MAX % AREAS + 1) * AREA_LEN,
		.max = max,
	};
}

/* Returns 1 if the slot is ours now, 0 if it is taken, or a negative errno. */
static int try(const struct limits *l, const struct region *r, unsigned slot)
{
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = r->slots + (off_t)slot,
		.l_len = 1,
	};

	while (fcntl(l->fd, F_OFD_SETLK, &lock) < 0) {
		if (errno == EAGAIN || errno == EACCES)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
	return 1;
}

/* Clocks differ between processes that start together, and cost no system call. */
static unsigned anywhere(unsigned max)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned)((uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) >> 33) % max;
}

/*
 * Tries the slots but the first whose mark is set, or is not. Stops after LIMITS_SURE whose mark is
 * set: an attempt takes longer the more locks there are, so that thousands of refused sessions
 * would keep the processor busy. Returns the same as try().
 */
static int walk(const struct limits *l, const struct region *r, const uint8_t *marks, bool set,
		unsigned *slot)
{
	unsigned first = *slot, tries = 0;

	for (unsigned i = 1; i < r->max; i++) {
		int taken;

		*slot = (first + i) % r->max;
		if ((marks[*slot] != 0) != set)
			continue;
		taken = try(l, r, *slot);
		if (taken)
			return taken;
		if (set && ++tries == LIMITS_SURE)
			break;
	}
	*slot = first;
	return 0;
}

/*
 * Takes a slot of many. The first try is a guess, which is right unless most are taken. A mark that
 * can't be read counts as not set; one that can't be written is missing to others as a hint. again:
 * leaves out the slots whose mark is set, which were tried before.
 */
static int take_marked(struct limits *l, const struct region *r, bool again)
{
	uint8_t marks[LIMITS_MAX];
	unsigned slot = anywhere(r->max);
	int taken = try(l, r, slot);
	ssize_t n;

	if (!taken) {
		n = pread(l->fd, marks, r->max, (off_t)r->marks);
		n = n < 0 ? 0 : n;
		memset(marks + n, 0, r->max - (size_t)n);
		taken = walk(l, r, marks, false, &slot);
		if (!taken && !again)
			taken = walk(l, r, marks, true, &slot);
	}
	if (taken == 1) {
		l->mark[l->n_marks] = r->marks + slot;
		if (pwrite(l->fd, "\1", 1, (off_t)l->mark[l->n_marks]) == 1)
			l->n_marks++;
	}
	return taken;
}

static int take_once(struct limits *l, const struct region *r, bool again)
{
	const uint8_t marks[DIRECT_MAX] = { 0 };
	unsigned slot;
	int taken;

	if (r->max > DIRECT_MAX)
		return take_marked(l, r, again);
	slot = anywhere(r->max);
	taken = try(l, r, slot);
	return taken ? taken : walk(l, r, marks, false, &slot);
}

/*
 * A client that ends one session and begins the next may be faster than the process of the first,
 * which has to notice the end. So try again, after pauses that double.
 */
static int take(struct limits *l, const uint8_t *name, size_t len, unsigned max)
{
	const struct region r = place(l, name, len, max);
	int taken = take_once(l, &r, false);
	int64_t pause_ms = 1, left_ms = l->patience_ms;

	while (!taken && left_ms > 0) {
		pause_ms = pause_ms < left_ms ? pause_ms : left_ms;
		wait_briefly(NULL, 0, wait_now() + pause_ms);
		taken = take_once(l, &r, true);
		left_ms -= pause_ms;
		pause_ms *= 2;
	}
	return taken;
}

int limits_take_any(struct limits *l, unsigned max)
{
	return take(l, (const uint8_t *)"a", 1, max);
}

int limits_take_client(struct limits *l, const struct client *c, unsigned max)
{
	uint8_t name[9];

	switch (c->kind == CLIENT_INTERNET ? c->addr.sa.sa_family : AF_UNSPEC) {
	case AF_INET:
		name[0] = '4';
		memcpy(name + 1, &c->addr.in.sin_addr, 4);
		return take(l, name, 5, max);
	case AF_INET6:
		name[0] = '6';
		memcpy(name + 1, &c->addr.in6.sin6_addr, 8);
		return take(l, name, 9, max);
	default:
		name[0] = c->kind == CLIENT_LOCAL ? 'l' : '?';
		return take(l, name, 1, max);
	}
}

int limits_take_user(struct limits *l, const char *user, bool fold, unsigned max)
{
	size_t len = strnlen(user, NAME_MAX_LEN);
	uint8_t name[1 + NAME_MAX_LEN] = { 'u' };

	memcpy(name + 1, user, len);
	for (size_t i = 1; fold && i <= len; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] |= 0x20;
	return take(l, name, 1 + len, max);
}

void limits_leave(struct limits *l)
{
	if (l->fd < 0)
		return;
	for (unsigned i = 0; i < l->n_marks; i++)
		if (pwrite(l->fd, "", 1, (off_t)l->mark[i]) < 0)
			break;
	l->n_marks = 0;
	close(l->fd);
	l->fd = -EBADF;
}

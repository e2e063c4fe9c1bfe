/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of usage by key: a hash table whose rows and keys stand in two arrays. */
#include "report/tally.h"
#include "base/siphash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { SLOTS = 4 * TALLY_ROWS };

void tally_init(struct tally *t, enum tally_order order)
{
	*t = (struct tally){ .order = order, .exact = true };
	/* Early in the boot there may be no random bytes; the address is better than nothing. */
	if (getrandom(t->secret, sizeof(t->secret), GRND_NONBLOCK) != sizeof(t->secret))
		memcpy(t->secret, &t, sizeof(t));
}

void tally_free(struct tally *t)
{
	free(t->rows);
	free(t->keys);
	free(t->slots);
	*t = (struct tally){ .order = t->order, .exact = true };
}

const char *tally_key(const struct tally *t, const struct tally_row *row)
{
	return t->keys + row->key;
}

/* Returns the slot of this key, or the empty one where it belongs. */
static uint32_t *slot_of(const struct tally *t, const char *key, size_t len)
{
	uint32_t i = (uint32_t)siphash(t->secret, key, len);

	for (;; i++) {
		uint32_t *slot = &t->slots[i % SLOTS];
		const struct tally_row *row;

		if (!*slot)
			return slot;
		row = &t->rows[*slot - 1];
		if (row->len == len && memcmp(tally_key(t, row), key, len) == 0)
			return slot;
	}
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int compare_keys(const struct tally *t, const struct tally_row *a, const struct tally_row *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int diff = memcmp(tally_key(t, a), tally_key(t, b), n);

	return diff ? diff : compare_numbers(b->len, a->len);
}

static int compare(const void *x, const void *y, void *ctx)
{
	const struct tally *t = ctx;
	const struct tally_row *a = x, *b = y;
	int bytes = compare_numbers(usage_bytes(&a->usage), usage_bytes(&b->usage));
	int sessions = compare_numbers(a->usage.sessions, b->usage.sessions);
	int first = t->order == TALLY_BY_BYTES ? bytes : sessions;
	int second = t->order == TALLY_BY_BYTES ? sessions : bytes;

	if (t->order == TALLY_BY_TIME)
		return a->at != b->at ? (a->at > b->at) - (a->at < b->at) : compare_keys(t, a, b);
	return first ? first : second ? second : compare_keys(t, a, b);
}

static void sort_by(struct tally *t, enum tally_order order)
{
	enum tally_order own = t->order;

	t->order = order;
	if (t->n)
		qsort_r(t->rows, t->n, sizeof(*t->rows), compare, t);
	t->order = own;
}

void tally_sort(struct tally *t)
{
	sort_by(t, t->order);
}

static int by_place(const void *x, const void *y)
{
	const struct tally_row *a = x, *b = y;

	return (a->key > b->key) - (a->key < b->key);
}

/* Moves the keys of the rows together, and makes the hash table anew. */
static void pack(struct tally *t)
{
	size_t i;

	qsort(t->rows, t->n, sizeof(*t->rows), by_place);
	t->keys_len = 0;
	for (i = 0; i < t->n; i++) {
		struct tally_row *row = &t->rows[i];

		memmove(t->keys + t->keys_len, tally_key(t, row), row->len);
		row->key = t->keys_len;
		t->keys_len += row->len;
	}
	memset(t->slots, 0, SLOTS * sizeof(*t->slots));
	for (i = 0; i < t->n; i++)
		*slot_of(t, tally_key(t, &t->rows[i]), t->rows[i].len) = (uint32_t)i + 1;
}

/* Folds the table as tally.h says. */
static void fold(struct tally *t)
{
	size_t i, n = t->n, half = n / 2;
	struct tally rest = *t;

	tally_sort(t);
	if (t->order == TALLY_BY_TIME) {
		for (i = 0; i < n - half; i++)
			usage_add(&t->others, &t->rows[i].usage);
		memmove(t->rows, t->rows + n - half, half * sizeof(*t->rows));
	} else {
		rest.rows += half / 2;
		rest.n -= half / 2;
		sort_by(&rest, t->order == TALLY_BY_BYTES ? TALLY_BY_SESSIONS : TALLY_BY_BYTES);
		for (i = half; i < n; i++)
			usage_add(&t->others, &t->rows[i].usage);
	}
	t->n = half;
	t->exact = false;
	pack(t);
}

/* Returns a size for an array that has cap and needs need, at most max. */
static size_t grown(size_t cap, size_t need, size_t max)
{
	size_t size = cap ? cap : 256;

	while (size < need)
		size *= 2;
	return size < max ? size : max;
}

static int make_room(struct tally *t, size_t len)
{
	size_t cap;
	void *p;

	if (!t->slots && !(t->slots = calloc(SLOTS, sizeof(*t->slots))))
		return -ENOMEM;
	while (t->n == TALLY_ROWS || t->keys_len + len > TALLY_KEYS)
		fold(t);
	if (t->n == t->rows_cap) {
		cap = grown(t->rows_cap, t->n + 1, TALLY_ROWS);
		p = realloc(t->rows, cap * sizeof(*t->rows));
		if (!p)
			return -ENOMEM;
		t->rows = p;
		t->rows_cap = cap;
	}
	if (!t->keys || t->keys_len + len > t->keys_cap) {
		cap = grown(t->keys_cap, t->keys_len + len, TALLY_KEYS);
		p = realloc(t->keys, cap);
		if (!p)
			return -ENOMEM;
		t->keys = p;
		t->keys_cap = cap;
	}
	return 0;
}

int tally_add_at(struct tally *t, int64_t at, const char *key, size_t len, const struct usage *u)
{
	uint32_t *slot;
	int err;

	if (len > TALLY_KEY_MAX)
		return -E2BIG;
	slot = t->slots && t->keys ? slot_of(t, key, len) : NULL;
	if (slot && *slot) {
		usage_add(&t->rows[*slot - 1].usage, u);
		return 0;
	}
	err = make_room(t, len);
	if (err)
		return err;
	memcpy(t->keys + t->keys_len, key, len);
	t->rows[t->n] = (struct tally_row){ *u, .at = at, .key = t->keys_len, .len = len };
	t->keys_len += len;
	t->n++;
	/* make_room() may have made the hash table anew. */
	*slot_of(t, key, len) = (uint32_t)t->n;
	return 0;
}

int tally_add(struct tally *t, const char *key, size_t len, const struct usage *u)
{
	return tally_add_at(t, 0, key, len, u);
}

struct usage tally_rest(const struct tally *t, size_t top)
{
	struct usage rest = t->others;
	size_t i;

	for (i = top; i < t->n; i++)
		usage_add(&rest, &t->rows[i].usage);
	return rest;
}

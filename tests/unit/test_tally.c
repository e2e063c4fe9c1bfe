/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of usage: the order of rows, what a full table keeps, and that no sum is lost. */
#include "report/tally.h"

#include <errno.h>

#include "tap.h"

static struct usage bytes(uint64_t n)
{
	return (struct usage){ .sessions = 1, .sent = n };
}

static int add(struct tally *t, const char *key, struct usage u)
{
	return tally_add(t, key, strlen(key), &u);
}

static bool is_row(const struct tally *t, size_t i, const char *key)
{
	const struct tally_row *row = &t->rows[i];

	return i < t->n && row->len == strlen(key) && !memcmp(tally_key(t, row), key, row->len);
}

/* The keys of all rows, one letter each. */
static const char *letters(const struct tally *t)
{
	static char buf[64];
	size_t i;

	for (i = 0; i < t->n; i++)
		buf[i] = *tally_key(t, &t->rows[i]);
	buf[i] = '\0';
	return buf;
}

static void orders(void)
{
	static const struct {
		const char *key;
		int64_t at;
		struct usage usage;
	} rows[] = {
		{ "b", 5, { 1, 0, 10, 0 } }, { "a", 6, { 1, 0, 5, 5 } },
		{ "c", -1, { 9, 0, 0, 1 } }, { "d", 0, { 2, 0, 1, 9 } },
		{ "e", 5, { 2, 0, 0, 0 } },
	};
	static const char *const want[] = { "dabce", "cdeab", "cdbea" };

	for (int order = TALLY_BY_BYTES; order <= TALLY_BY_TIME; order++) {
		struct tally t;

		tally_init(&t, (enum tally_order)order);
		for (size_t i = 0; i < 5; i++)
			tally_add_at(&t, rows[i].at, rows[i].key, 1, &rows[i].usage);
		tally_sort(&t);
		is_str(letters(&t), want[order], "order %d", order);
		is_int(tally_rest(&t, 2).sessions + t.rows[0].usage.sessions +
			       t.rows[1].usage.sessions,
		       15, "the rest behind the first two");
		tally_free(&t);
		is_int(t.n, 0, "a freed table is empty");
	}
}

static void sums(void)
{
	struct tally t;
	struct usage most = { UINT64_MAX - 1, UINT64_MAX, 1, UINT64_MAX };

	tally_init(&t, TALLY_BY_BYTES);
	tally_sort(&t);
	is_int(tally_rest(&t, 0).sessions, 0, "an empty table");
	is_int(add(&t, "", bytes(3)), 0, "the empty key");
	add(&t, "", bytes(4));
	add(&t, "a", bytes(1));
	add(&t, "ab", bytes(1));
	tally_add(&t, "a\0", 2, &(struct usage){ 1, 1, 1, 1 });
	tally_sort(&t);
	is_int(t.n, 4, "keys differ in their length, and in bytes behind a NUL");
	ok(is_row(&t, 0, "") && t.rows[0].usage.sent == 7 && t.rows[0].usage.sessions == 2,
	   "the sum of a row");
	ok(is_row(&t, 2, "a") && is_row(&t, 3, "ab"), "a key stands before longer ones");
	tally_free(&t);

	tally_init(&t, TALLY_BY_BYTES);
	add(&t, "a", most);
	add(&t, "a", (struct usage){ 1, 1, 1, 1 });
	ok(t.rows[0].usage.sessions == UINT64_MAX && t.rows[0].usage.failed == UINT64_MAX &&
		   t.rows[0].usage.sent == 2 && t.rows[0].usage.received == UINT64_MAX,
	   "a sum that is too large stays at the largest number");
	ok(usage_bytes(&t.rows[0].usage) == UINT64_MAX, "also that of both directions");
	tally_free(&t);
}

static void long_keys(void)
{
	static char key[TALLY_KEY_MAX + 1];
	struct usage u = bytes(1), rest;
	struct tally t;
	size_t i, n = 3 * TALLY_KEYS / TALLY_KEY_MAX;

	memset(key, 'k', sizeof(key));
	tally_init(&t, TALLY_BY_BYTES);
	is_int(tally_add(&t, key, sizeof(key), &u), -E2BIG, "a key that is too long");
	is_int(t.n, 0, "adds nothing");
	for (i = 0; i < n; i++) {
		memcpy(key, &i, sizeof(i));
		if (tally_add(&t, key, TALLY_KEY_MAX, &u))
			break;
	}
	is_int(i, n, "many of the longest keys");
	ok(!t.exact && t.keys_cap <= TALLY_KEYS && t.keys_len <= TALLY_KEYS,
	   "their bytes are bounded");
	rest = tally_rest(&t, 0);
	ok(rest.sessions == n && rest.sent == n, "nothing is lost");
	ok(t.n > n / 8, "%zu rows are left", t.n);
	tally_free(&t);
}

/* Copies the key of the row to buf, as a string. */
static const char *key_of(const struct tally *t, size_t i, char buf[16])
{
	snprintf(buf, 16, "%.*s", (int)t->rows[i].len, tally_key(t, &t->rows[i]));
	return buf;
}

/*
 * Full to the last row, then folded by one more. Row i has i bytes in one session, but the first
 * ten have many sessions.
 */
static void fold(enum tally_order order)
{
	size_t i, want = TALLY_ROWS / 2 + 1, bad = 0;
	struct tally t;
	char key[16];
	struct usage u, all = { 0 };

	tally_init(&t, order);
	for (i = 0; i <= TALLY_ROWS; i++) {
		if (i == TALLY_ROWS)
			ok(t.exact && t.n == TALLY_ROWS, "a full table is exact");
		u = (struct usage){ i < 10 ? 100 + i : 1, i % 2, i, i };
		usage_add(&all, &u);
		snprintf(key, sizeof(key), "%zu", i);
		tally_add_at(&t, (int64_t)i, key, strlen(key), &u);
	}
	ok(!t.exact && t.n == want, "one row more folds half of order %d", order);
	u = tally_rest(&t, 0);
	is_mem(&u, sizeof(u), &all, sizeof(all), "the sums are what they were");
	for (i = 0; i < t.n; i++) {
		unsigned long id = strtoul(key_of(&t, i, key), NULL, 10);
		bool few = id < 10, latest = id >= TALLY_ROWS / 2;

		bad += order == TALLY_BY_TIME ? !latest : !few && id < TALLY_ROWS / 2 + 10;
		bad += t.rows[i].usage.sent != id || t.rows[i].usage.failed != id % 2;
	}
	is_int(bad, 0, "the rows that say most were kept");
	for (i = 0, bad = 0; i < t.n; i++) {
		uint64_t sent = t.rows[i].usage.sent;
		size_t n = t.n;

		key_of(&t, i, key);
		tally_add(&t, key, strlen(key), &u);
		bad += t.n != n || t.rows[i].usage.sent != sent + u.sent;
	}
	is_int(bad, 0, "each is found again");
	tally_free(&t);
}

/* A row that says most is kept whatever comes later, whole. */
static void heavy(void)
{
	struct tally t;
	size_t i;
	char key[16];
	uint64_t n = 0;

	tally_init(&t, TALLY_BY_BYTES);
	for (i = 0; i < 10 * TALLY_ROWS; i++) {
		snprintf(key, sizeof(key), "%zu", i);
		add(&t, key, bytes(i % 100));
		if (i % 64 == 0) {
			add(&t, "bytes", bytes(1000));
			add(&t, "sessions", bytes(0));
			n++;
		}
	}
	tally_sort(&t);
	ok(is_row(&t, 0, "bytes") && t.rows[0].usage.sent == 1000 * n, "the most bytes");
	for (i = 0; i < t.n && !is_row(&t, i, "sessions"); i++)
		;
	ok(i < t.n && t.rows[i].usage.sessions == n, "the most sessions, which have no bytes");
	ok(t.rows_cap <= TALLY_ROWS, "rows are bounded");
	is_int(tally_rest(&t, 0).sessions, 10 * TALLY_ROWS + 2 * n, "nothing is lost");
	tally_free(&t);
}

int main(void)
{
	orders();
	sums();
	long_keys();
	fold(TALLY_BY_BYTES);
	fold(TALLY_BY_SESSIONS);
	fold(TALLY_BY_TIME);
	heavy();
	return done_testing();
}

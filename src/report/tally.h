/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of usage by key, in bounded memory. A table that is full folds before it takes one more
 * row: it keeps half of its n rows, rounded down to h, and adds the others up in one row without a
 * key. It keeps
 * - by bytes or sessions: the first h / 2 rows in the order of the table; and of the others, the
 *   first in the other one of these two orders;
 * - by time: the latest rows.
 * So every sum stays exact; only the rows that are kept may lack what was folded before (see
 * exact).
 */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "report/usage.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	TALLY_KEY_MAX = 1100, /* bytes of a key */
	TALLY_ROWS = 32768,   /* rows before a table folds */
	TALLY_KEYS = 4 << 20, /* bytes of all keys, before a table folds */
};

/* By what the rows are sorted; rows that are equal in this are sorted by key, bytewise. */
enum tally_order {
	TALLY_BY_BYTES,	   /* the most bytes first, then the most sessions */
	TALLY_BY_SESSIONS, /* the most sessions first, then the most bytes */
	TALLY_BY_TIME,	   /* the earliest first */
};

struct tally_row {
	struct usage usage;
	int64_t at; /* the time of the row; 0 in tables that know none */
	size_t key; /* where the key begins in tally->keys; see tally_key() */
	size_t len;
};

struct tally {
	enum tally_order order;
	struct tally_row *rows;
	size_t n;
	struct usage others; /* the rows that were folded */
	bool exact;	     /* nothing was folded */
	/* The rest is private. */
	char *keys;
	size_t keys_len, keys_cap, rows_cap;
	uint32_t *slots;    /* of the hash table: the number of a row + 1; 0: empty */
	uint8_t secret[16]; /* of the hash: else a client could make all keys collide */
};

/* Makes an empty table. Allocates nothing yet. */
void tally_init(struct tally *t, enum tally_order order);

/*
 * Adds usage to the row of this key. The key is copied. Returns 0, or -ENOMEM, or -E2BIG for a key
 * that is too long; then nothing was added.
 */
int tally_add(struct tally *t, const char *key, size_t len, const struct usage *u);

/* Does the same in a table by time. A key always comes with the same time. */
int tally_add_at(struct tally *t, int64_t at, const char *key, size_t len, const struct usage *u);

/* Sorts the rows by the order of the table. No tally_add() may follow. */
void tally_sort(struct tally *t);

/* Returns the bytes of the row's key, row->len of them. Valid until the next tally_add(). */
const char *tally_key(const struct tally *t, const struct tally_row *row);

/* Returns the sum of all rows behind the first `top`, and of those that were folded. */
struct usage tally_rest(const struct tally *t, size_t top);

void tally_free(struct tally *t);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts sessions at once, of all processes that share a file (picosocks5.conf(5), LIMITS). A slot
 * is a lock of one byte of that file, far behind its end: an open file description lock (fcntl(2)),
 * which the kernel takes back when the process ends, however it ends. What is counted together has
 * a region of slots, which the hash of its name places:
 *
 *     0                 16                32                4096                       1 MiB
 *     +-----------------+-----------------+-----------------+--------------------------+
 *     | "picosocks5     | the key of the  | nothing         | marks: a byte for each   |
 *     |  limit"         | hash, random    |                 | slot of larger limits    |
 *     +-----------------+-----------------+-----------------+--------------------------+
 *
 *     2^62 + k * 4096                                       2^62 + k * 4096 + 4095
 *     +--------+--------+--------+--------+-----------------+--------+
 *     | slot 0 | slot 1 | slot 2 |        | locks alone, no byte is written
 *     +--------+--------+--------+--------+-----------------+--------+
 *
 * A mark that is not 0 says that a slot is probably taken. Marks are hints: they tell where to try
 * first, so that a free slot among many is found at once. A process that is killed leaves its mark,
 * and regions may share marks. Only a lock decides.
 */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

#include "base/siphash.h"
#include "base/text.h"
#include "client.h"

#include <stdbool.h>

enum {
	LIMITS_MAX = 4096, /* the most slots of one limit */
	LIMITS_SURE = 512, /* the most of which a free one is always found */
	LIMITS_KINDS = 3,  /* a session takes a slot of all, of its client, and of its user */
};

struct limits {
	int fd; /* the file, which holds the locks; or a negative errno */
	uint8_t key[SIPHASH_KEY_LEN];
	int64_t patience_ms; /* how long to wait for a session that is about to end; 0: not */
	unsigned n_marks;
	uint32_t mark[LIMITS_KINDS]; /* the offsets of the marks that this process has set */
};

/* ---- limits_file.c ---- */

/*
 * Opens the file, and makes it, for its owner alone, if it is not there. Sets l->fd and l->key.
 * Returns 0; or a negative errno, -EMEDIUMTYPE if it is not a file of limits. The descriptor must
 * stay open to the end of the session: it has the locks.
 */
int limits_open(struct limits *l, const char *path);

/*
 * For --check: opens and inspects the file as limits_open() does, and closes it. Makes no file:
 * returns -ENOENT if there is none. Sets *others if other users may write to it. For root any owner
 * is right, because root checks for a user whom it does not know.
 */
int limits_try(const char *path, bool *others);

/* ---- limits.c ---- */

/*
 * Take one of `max` slots (1 to LIMITS_MAX), of all sessions, of this client, or of this user. An
 * IPv6 client is counted with its /64; clients without an address are one client, those about whom
 * nothing is known are another one. fold: upper and lower case of a user are the same. Return 1 if
 * they took one; 0 if all are taken; or a negative errno. No slot is ever taken twice. One that is
 * free from beginning to end of the call is found, if `max` is at most LIMITS_SURE; of more, one
 * may be missed whose mark is wrong. Wait up to l->patience_ms.
 */
int limits_take_any(struct limits *l, unsigned max);
int limits_take_client(struct limits *l, const struct client *c, unsigned max);
int limits_take_user(struct limits *l, const char *user, bool fold, unsigned max);

/* Gives all slots back: clears the marks and closes the file. Does nothing the second time. */
void limits_leave(struct limits *l);

/* ---- limits_why.c ---- */

/* Appends the path and why the file can't be used: err is what a function above returned. */
void limits_explain(struct text *t, const char *path, int err);

/* Appends "; " and what to do, if that is known. Looks at the rights of the file. */
void limits_remedy(struct text *t, const char *path, int err);

#endif

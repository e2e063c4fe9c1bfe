/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guesses what a person meant, for messages about mistakes: the known word that is nearest to an
 * unknown one, and bytes that look like others. Pure. A session without a mistake calls none of it.
 */
#ifndef BASE_HINT_H
#define BASE_HINT_H

#include "base/cold.h"

#include <stdbool.h>
#include <stddef.h>

/* An unknown word, and the nearest known word so far. */
struct hint {
	const char *word; /* not NUL-terminated */
	size_t len;
	const char *best;  /* NULL: no word is near */
	unsigned distance; /* of best */
};

/*
 * Offers a known word; keeps it if it is near, and nearer than those before it. It must last as
 * long as the hint. Near means: without regard to case, a third of the letters or fewer are wrong,
 * missing, too many, or swapped with their neighbour; or the unknown word is its beginning.
 */
COLD_CODE void hint_offer(struct hint *hint, const char *known);

/* Returns true if the len bytes at word are this known word, without regard to case. */
COLD_CODE bool hint_is(const char *word, size_t len, const char *known);

/*
 * Returns true if they are one of the words of a list, which stand between single blanks, without
 * regard to case.
 */
COLD_CODE bool hint_is_one(const char *word, size_t len, const char *list);

/*
 * Looks for bytes that text copied from elsewhere has in the place of a plain character: curly
 * quotes, long dashes, no-break spaces, a byte-order mark. Returns what to do about the first, a
 * constant string; or NULL.
 */
COLD_CODE const char *hint_bytes(const char *text, size_t len);

/* Returns the length of the byte-order mark that text begins with, or 0. */
COLD_CODE size_t hint_bom(const char *text, size_t len);

#endif

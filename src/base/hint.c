/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares words and bytes with those that a person may have meant. Writes no message. */
#include "base/hint.h"

#include <string.h>

/* Longer words are near nothing. */
enum { WORD_MAX = 32 };

static const struct {
	char bytes[4], advice[44];
} traps[] COLD_TABLE = {
	{ "\xef\xbb\xbf", "save the file without a byte-order mark" },
	{ "\xc2\xa0", "write a plain space, not a no-break space" },
	{ "\xe2\x80\xaf", "write a plain space, not a no-break space" },
	{ "\xe2\x80\x8b", "delete the invisible character" },
	{ "\xc2\xad", "delete the invisible character" },
	{ "\xe2\x80\x98", "write plain quotes, not curly ones" },
	{ "\xe2\x80\x99", "write plain quotes, not curly ones" },
	{ "\xe2\x80\x9c", "write plain quotes, not curly ones" },
	{ "\xe2\x80\x9d", "write plain quotes, not curly ones" },
	{ "\xe2\x80\x9e", "write plain quotes, not curly ones" },
	{ "\xe2\x80\x91", "write a plain hyphen, not a long dash" },
	{ "\xe2\x80\x93", "write plain hyphens, not a long dash" },
	{ "\xe2\x80\x94", "write plain hyphens, not a long dash" },
	{ "\xe2\x88\x92", "write a plain hyphen, not a minus sign" },
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The number of edits that make b of a; to swap two neighbours is one edit. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1], *row = rows[2], *spare;

	for (unsigned j = 0; j <= b_len; j++)
		last[j] = j;
	for (unsigned i = 1; i <= a_len; i++) {
		row[0] = i;
		for (unsigned j = 1; j <= b_len; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);

			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[b_len];
}

static bool begins(const char *known, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(known[i]) != lower(word[i]))
			return false;
	return true;
}

void hint_offer(struct hint *hint, const char *known)
{
	size_t len = strlen(known), longer = len > hint->len ? len : hint->len;
	size_t max = longer < 3 ? 1 : longer / 3;
	unsigned edits;

	if (!hint->len || !len || longer > WORD_MAX)
		return;
	if (hint->len >= 2 && len > hint->len && begins(known, hint->word, hint->len))
		edits = 1;
	else if (longer - (len < hint->len ? len : hint->len) > max)
		return;
	else
		edits = distance(hint->word, hint->len, known, len);
	if (edits > max || edits >= hint->len || (hint->best && edits >= hint->distance))
		return;
	hint->best = known;
	hint->distance = edits;
}

bool hint_is(const char *word, size_t len, const char *known)
{
	return strlen(known) == len && begins(known, word, len);
}

bool hint_is_one(const char *word, size_t len, const char *list)
{
	while (len && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && begins(list, word, len))
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

const char *hint_bytes(const char *text, size_t len)
{
	for (size_t at = 0; at < len; at++)
		for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++) {
			size_t n = strlen(traps[i].bytes);

			if (n <= len - at && memcmp(text + at, traps[i].bytes, n) == 0)
				return traps[i].advice;
		}
	return NULL;
}

size_t hint_bom(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

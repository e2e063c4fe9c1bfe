/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes a text apart from left to right. Each function moves the cursor only if it succeeds. */
#ifndef REPORT_CURSOR_H
#define REPORT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes that are left; borrowed. */
struct cursor {
	const char *p, *end;
};

/* Takes this character, or this string. */
bool cursor_char(struct cursor *c, char want);
bool cursor_str(struct cursor *c, const char *want);

/* Takes one of n strings. Returns its index or -1. */
int cursor_one_of(struct cursor *c, const char *const *want, int n);

/* Takes a decimal number of min to max digits, max at most 18, which no further digit follows. */
bool cursor_uint(struct cursor *c, int min, int max, int64_t *ret);

/* Takes 1 to 9 digits of a decimal fraction as microseconds; what is smaller is cut off. */
bool cursor_fraction(struct cursor *c, int64_t *ret_us, int *digits);

/* Takes "Z", or an offset east of UTC: "+01:00", "+0100" or "+01". */
bool cursor_zone(struct cursor *c, int64_t *ret_s);

#endif

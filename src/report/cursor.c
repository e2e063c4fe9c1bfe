/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes texts apart. Knows numbers and words, but no format, and reads no byte behind the end. */
#include "report/cursor.h"

#include <string.h>

bool cursor_char(struct cursor *c, char want)
{
	if (c->p == c->end || *c->p != want)
		return false;
	c->p++;
	return true;
}

bool cursor_str(struct cursor *c, const char *want)
{
	size_t n;

	/* Most words begin with another letter. */
	if (c->p == c->end || *c->p != *want)
		return false;
	n = strlen(want);
	if ((size_t)(c->end - c->p) < n || memcmp(c->p, want, n) != 0)
		return false;
	c->p += n;
	return true;
}

int cursor_one_of(struct cursor *c, const char *const *want, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (cursor_str(c, want[i]))
			return i;
	return -1;
}

static bool is_digit(const struct cursor *c)
{
	return c->p < c->end && *c->p >= '0' && *c->p <= '9';
}

bool cursor_uint(struct cursor *c, int min, int max, int64_t *ret)
{
	struct cursor at = *c;
	int64_t v = 0;
	int n;

	for (n = 0; n < max && is_digit(&at); n++)
		v = v * 10 + (*at.p++ - '0');
	if (n < min || is_digit(&at))
		return false;
	*c = at;
	*ret = v;
	return true;
}

bool cursor_fraction(struct cursor *c, int64_t *ret_us, int *digits)
{
	const char *start = c->p;
	int64_t v;
	int n;

	if (!cursor_uint(c, 1, 9, &v))
		return false;
	*digits = (int)(c->p - start);
	for (n = *digits; n < 6; n++)
		v *= 10;
	for (; n > 6; n--)
		v /= 10;
	*ret_us = v;
	return true;
}

bool cursor_zone(struct cursor *c, int64_t *ret_s)
{
	struct cursor at = *c;
	int64_t hours, minutes = 0;
	bool west;

	if (cursor_char(c, 'Z')) {
		*ret_s = 0;
		return true;
	}
	west = cursor_char(&at, '-');
	if (!west && !cursor_char(&at, '+'))
		return false;
	if (cursor_uint(&at, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!cursor_uint(&at, 2, 2, &hours) ||
		   (cursor_char(&at, ':') && !cursor_uint(&at, 2, 2, &minutes))) {
		return false;
	}
	if (hours > 15 || minutes > 59)
		return false;
	*ret_s = (hours * 60 + minutes) * 60;
	if (west)
		*ret_s = -*ret_s;
	*c = at;
	return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes base64, strictly: another spelling of the same bytes is an error. Encodes it. Never wipes
 * anything.
 */
#include "wire/base64.h"

#include <errno.h>

/* Returns the six bits of a character, or -1. */
static int value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

int base64_decode(const uint8_t *p, size_t n, uint8_t *ret, size_t *len)
{
	size_t chars = n, out = 0;
	unsigned bits = 0, held = 0;

	if (n % 4)
		return -EINVAL;
	while (chars && n - chars < 2 && p[chars - 1] == '=')
		chars--;
	for (size_t i = 0; i < chars; i++) {
		int v = value(p[i]);

		if (v < 0)
			return -EINVAL;
		bits = (bits << 6 | (unsigned)v) & 0xfff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			ret[out++] = (uint8_t)(bits >> held);
		}
	}
	if (bits & ((1U << held) - 1))
		return -EINVAL;
	*len = out;
	return 0;
}

size_t base64_encode(const uint8_t *p, size_t n, uint8_t *ret)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t out = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t group = (uint32_t)p[i] << 16;

		if (i + 1 < n)
			group |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			group |= p[i + 2];
		ret[out++] = (uint8_t)digit[group >> 18];
		ret[out++] = (uint8_t)digit[group >> 12 & 63];
		ret[out++] = i + 1 < n ? (uint8_t)digit[group >> 6 & 63] : '=';
		ret[out++] = i + 2 < n ? (uint8_t)digit[group & 63] : '=';
	}
	return out;
}

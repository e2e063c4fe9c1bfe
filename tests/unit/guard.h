/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guard.h - bytes that end where a forbidden page begins, so that a read past them is
 * a fault. There is one such place: each call overwrites what the last one laid there.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { GUARD_MAX = 1 << 17 };

/* Returns a copy of n <= GUARD_MAX bytes. To touch byte n is a fault. */
static inline uint8_t *guard_copy(const void *bytes, size_t n)
{
	static uint8_t *end;

	if (!end) {
		uint8_t *p = mmap(NULL, 2 * GUARD_MAX, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED || mprotect(p + GUARD_MAX, GUARD_MAX, PROT_NONE) < 0)
			abort();
		end = p + GUARD_MAX;
	}
	if (n > GUARD_MAX)
		abort();
	if (n)
		memcpy(end - n, bytes, n);
	return end - n;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of what is kept, so that a leak checker finds each piece whoever points to it. */
#include "base/keep.h"

#include <stdlib.h>

struct kept {
	struct kept *next;
	char bytes[];
};

char *keep(size_t n)
{
	static struct kept *kept;
	struct kept *k = calloc(1, sizeof(*k) + n);

	if (!k)
		return NULL;
	k->next = kept;
	kept = k;
	return k->bytes;
}

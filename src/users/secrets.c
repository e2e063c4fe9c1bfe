/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mapping for all that is secret in a login. It is kept out of core files, wiped and unmapped.
 */
#include "users/secrets.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE_MIN = 4096 };

void *secrets_get(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	madvise(p, n, MADV_DONTDUMP);
	return p;
}

/* Wipes only resident pages: faulting in the others would cost more than everything else. */
void secrets_drop(void *p, size_t n)
{
	unsigned char resident[SECRETS_MAX / PAGE_MIN + 1];
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (mincore(p, n, resident) < 0)
		memset(resident, 1, sizeof(resident));
	for (size_t at = 0, i = 0; at < n; at += page, i++) {
		if (resident[i] & 1)
			explicit_bzero((char *)p + at, n - at < page ? n - at : page);
	}
	munmap(p, n);
}

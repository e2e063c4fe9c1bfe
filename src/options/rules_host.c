/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gets memory, service names and list files for the access rules, when a rule needs them. */
#include "options/rules_host.h"
#include "base/file.h"
#include "base/keep.h"
#include "options/reader.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/mman.h>

/* Since Linux 5.14. Older C libraries lack it; older kernels refuse it, which does no harm. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static void *grow(void *ctx, void *old, size_t old_size, size_t new_size)
{
	void *p;

	(void)ctx;
	if (!new_size) {
		if (old)
			munmap(old, old_size);
		return NULL;
	}
	if (old)
		p = mremap(old, old_size, new_size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, new_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
	if (p == MAP_FAILED)
		return NULL;
	/* Rules that outgrow their first block soon fill the next: fault its pages in at once. */
	if (old)
		madvise((char *)p + old_size, new_size - old_size, MADV_POPULATE_WRITE);
	return p;
}

static int service(void *ctx, const char *name, size_t len, uint16_t *ret)
{
	struct servent room, *found;
	char buf[64], strings[1024];
	int err;

	(void)ctx;
	if (len >= sizeof(buf))
		return -ENOENT;
	memcpy(buf, name, len);
	buf[len] = '\0';
	err = getservbyname_r(buf, NULL, &room, strings, sizeof(strings), &found);
	if (!found)
		return err ? -err : -ENOENT;
	*ret = ntohs((uint16_t)found->s_port);
	return 0;
}

static int list(void *ctx, const char *path, size_t len, const char *near, struct rules_list *ret)
{
	char *asked = keep(len + 1);
	size_t size;
	char *text;
	int err;

	(void)ctx;
	if (!asked)
		return -ENOMEM;
	memcpy(asked, path, len);
	ret->file = file_beside(asked, near);
	if (!ret->file)
		return -ENOMEM;
	err = file_read(ret->file, &text, &size, NULL);
	if (err < 0)
		return err;
	ret->text = text;
	ret->len = size;
	return 0;
}

static void release(void *ctx, const struct rules_list *list)
{
	(void)ctx;
	file_forget(list->text, list->len);
}

const struct rules_host rules_host = {
	.grow = grow,
	.service = service,
	.list = list,
	.release = release,
};

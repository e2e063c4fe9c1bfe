/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a users file into memory and keeps its names in a hash table. Judges no line. */
#include "check/names.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name in the text, and the number of its first line. An empty slot has number 0. */
struct name_slot {
	const char *name;
	size_t len, number;
};

static void *memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int read_all(int fd, struct names *names)
{
	while (names->len < names->size) {
		ssize_t got = pread(fd, names->text + names->len, names->size - names->len,
				    (off_t)names->len);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			break;
		if (got > 0)
			names->len += (size_t)got;
	}
	return 0;
}

static size_t slots_for(const char *p, size_t n)
{
	const char *end = p + n;
	size_t want = 2, slots = 16;

	for (; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		want += 2;
	while (slots < want)
		slots *= 2;
	return slots;
}

/* Reads the text, and makes an empty table. */
static int fill(struct names *names, int fd)
{
	int err = read_all(fd, names);
	size_t slots;

	if (err)
		return err;
	slots = slots_for(names->text, names->len);
	names->slot = memory(slots * sizeof(*names->slot));
	if (!names->slot)
		return -ENOMEM;
	names->mask = slots - 1;
	return 0;
}

int names_open(struct names *names, int fd)
{
	struct stat st;
	int err;

	*names = (struct names){ 0 };
	if (fstat(fd, &st) < 0)
		return -errno;
	names->size = (size_t)st.st_size + 1;
	names->text = memory(names->size);
	if (!names->text)
		return -ENOMEM;
	err = fill(names, fd);
	if (err)
		names_close(names);
	return err;
}

void names_close(struct names *names)
{
	explicit_bzero(names->text, names->len);
	munmap(names->text, names->size);
	if (names->slot)
		munmap(names->slot, (names->mask + 1) * sizeof(*names->slot));
}

/* Returns the slot of the name, or the empty slot for it. */
static struct name_slot *find(const struct names *names, const char *name, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
	for (;; h++) {
		struct name_slot *s = &names->slot[h & names->mask];

		if (!s->number || (s->len == len && memcmp(s->name, name, len) == 0))
			return s;
	}
}

size_t names_add(struct names *names, const struct htpasswd_line *line)
{
	struct name_slot *s = find(names, line->name, line->namelen);

	if (s->number)
		return s->number;
	*s = (struct name_slot){ line->name, line->namelen, line->number };
	return 0;
}

bool names_have(const struct names *names, const char *name, size_t len)
{
	return find(names, name, len)->number != 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads and judges the whole users file for --check, never for a session. Keeps the names in a hash
 * table, because a file may have a million of them.
 */
#include "check/scan.h"
#include "users/verify.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name in the file, and the number of its first line. An empty slot has number 0. */
struct slot {
	const char *name;
	size_t namelen, number;
};

struct names {
	struct slot *slots;
	size_t mask; /* the number of slots, a power of two, minus one */
};

struct checker {
	struct names names;
	scan_report *report;
	void *ctx;
	long usable;
	struct {
		bool known;
		int err;
		const char *library;
	} schemes[PWHASH_DES + 1];
};

static void *memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int read_all(int fd, char *p, size_t size, size_t *ret)
{
	*ret = 0;
	while (*ret < size) {
		ssize_t got = pread(fd, p + *ret, size - *ret, (off_t)*ret);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			break;
		if (got > 0)
			*ret += (size_t)got;
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

/* Returns the slot of the name, or the empty slot for it. */
static struct slot *slot(const struct names *names, const struct htpasswd_line *line)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < line->namelen; i++)
		h = (h ^ (unsigned char)line->name[i]) * UINT64_C(1099511628211);
	for (;; h++) {
		struct slot *s = &names->slots[h & names->mask];

		if (!s->number || (s->namelen == line->namelen &&
				   memcmp(s->name, line->name, line->namelen) == 0))
			return s;
	}
}

/* Returns the number of the earlier line that has the name of this line; 0: none has. */
static size_t seen(const struct names *names, const struct htpasswd_line *line)
{
	struct slot *s = slot(names, line);

	if (s->number)
		return s->number;
	*s = (struct slot){ line->name, line->namelen, line->number };
	return 0;
}

static void judge_scheme(struct checker *c, struct scan_remark *remark)
{
	size_t i = remark->scheme;

	if (!c->schemes[i].known) {
		c->schemes[i].err = verify_scheme(remark->scheme, &c->schemes[i].library);
		c->schemes[i].known = true;
	}
	if (!c->schemes[i].err)
		return;
	remark->fault = HTPASSWD_UNSUPPORTED;
	remark->library = c->schemes[i].err == -ELIBACC ? c->schemes[i].library : NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void judge_line(struct checker *c, const struct htpasswd_line *line)
{
	struct scan_remark remark = { .line = *line };
	struct pwhash hash = { 0 };

	remark.fault = htpasswd_judge(line, &hash);
	remark.scheme = hash.scheme;
	if (line->namelen && (remark.first = seen(&c->names, line)))
		remark.fault = HTPASSWD_DUPLICATE;
	if (!remark.fault)
		judge_scheme(c, &remark);
	if (!remark.fault) {
		c->usable++;
		remark.weak = hash.weak;
		remark.slow = hash.slow;
		remark.blank = is_blank(line->name[0]) || is_blank(line->name[line->namelen - 1]);
	}
	if (remark.fault || remark.weak || remark.slow || remark.blank)
		c->report(c->ctx, &remark);
}

static int check(struct checker *c, const char *p, size_t n)
{
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;
	size_t slots = slots_for(p, n);

	c->names.slots = memory(slots * sizeof(*c->names.slots));
	if (!c->names.slots)
		return -ENOMEM;
	c->names.mask = slots - 1;
	htpasswd_feed(&w, p, n);
	while (htpasswd_next(&w, &line))
		judge_line(c, &line);
	munmap(c->names.slots, slots * sizeof(*c->names.slots));
	return 0;
}

long scan_users(int fd, scan_report *report, void *ctx)
{
	struct checker c = { .report = report, .ctx = ctx };
	struct stat st;
	size_t size, n;
	char *p;
	int err;

	if (fstat(fd, &st) < 0)
		return -errno;
	size = (size_t)st.st_size + 1;
	p = memory(size);
	if (!p)
		return -ENOMEM;
	err = read_all(fd, p, size, &n);
	if (!err)
		err = check(&c, p, n);
	explicit_bzero(p, n);
	munmap(p, size);
	return err ? err : c.usable;
}

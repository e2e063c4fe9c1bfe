/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the users file in large pieces and passes whole lines to users/htpasswd.c. Always reads to
 * the end of the file: the time taken must not tell where the user's line is, or whether there is
 * one.
 */
#include "users/find.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct reader {
	int fd;
	off_t at; /* in the file */
	char *buf;
	size_t size;
	size_t n;    /* bytes in buf */
	size_t used; /* the most bytes that buf has held */
	bool skip;   /* drop the rest of an overlong line */
	bool eof;
};

/* Reads until buf is full or the file ends. */
static int fill(struct reader *r)
{
	while (r->n < r->size && !r->eof) {
		ssize_t got = pread(r->fd, r->buf + r->n, r->size - r->n, r->at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		r->eof = !got;
		r->n += (size_t)got;
		r->at += got;
	}
	if (r->n > r->used)
		r->used = r->n;
	return 0;
}

static void drop(struct reader *r, size_t n)
{
	r->n -= n;
	memmove(r->buf, r->buf + n, r->n);
}

/* Returns how many bytes of buf are whole lines. A line that fills buf counts as whole. */
static size_t whole(struct reader *r)
{
	const char *last = memrchr(r->buf, '\n', r->n);

	if (last && !r->eof)
		return (size_t)(last - r->buf) + 1;
	r->skip = !r->eof;
	return r->n;
}

/* Drops the rest of an overlong line from the beginning of buf. */
static void pass_rest(struct reader *r)
{
	const char *eol = memchr(r->buf, '\n', r->n);

	r->skip = !eol;
	drop(r, eol ? (size_t)(eol - r->buf) + 1 : r->n);
}

static void keep(const struct htpasswd_line *line, struct found_user *e)
{
	e->line = line->number;
	e->fault = htpasswd_judge(line, &e->form);
	if (e->fault)
		return;
	memcpy(e->hash, line->hash, line->hashlen);
	e->hash[line->hashlen] = '\0';
}

/* Looks for the first line that can be used. Usually that is the first line of the file. */
static void look_first(const char *p, size_t n, struct found_user *first)
{
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;

	htpasswd_feed(&w, p, n);
	while (htpasswd_next(&w, &line)) {
		keep(&line, first);
		if (!first->fault)
			return;
	}
	first->line = 0;
}

int find_user(int fd, const char *name, size_t namelen, char *buf, size_t size,
	      struct found_user *user, struct found_user *first)
{
	struct reader r = { .fd = fd, .buf = buf, .size = size };
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;
	int err;

	user->line = first->line = 0;
	while ((err = fill(&r)) == 0 && r.n) {
		size_t n;

		if (r.skip) {
			pass_rest(&r);
			continue;
		}
		n = whole(&r);
		if (!first->line)
			look_first(buf, n, first);
		htpasswd_feed(&w, buf, n);
		if (namelen && htpasswd_find(&w, name, namelen, &line) && !user->line)
			keep(&line, user);
		drop(&r, n);
	}
	explicit_bzero(buf, r.used);
	return err;
}

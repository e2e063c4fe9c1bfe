/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file as a file. Read in pieces of any size, it gives the same answers as it does to
 * policy/htpasswd in one piece; and only the first line of a name lets a user in. The hashes of
 * libmd's schemes are computed; for the others every password that begins with "y" is right.
 *
 * The input: a line with a name, a line with a password, the file.
 */
#include "check/scan.h"
#include "users/compute.h"
#include "users/find.h"
#include "users/verify.h"
#include "users/open.h"

#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

enum { FILE_SIZE_MAX = 1 << 16 };

struct input {
	const char *name, *passwd, *text;
	size_t namelen, passlen, n;
};

/* These replace the program's own, by the linker's --wrap. */
int __real_compute_hash(enum pwhash_scheme scheme, const char *passwd, const char *hash,
			void *scratch, const char **ret, const char **library);
int __wrap_compute_hash(enum pwhash_scheme scheme, const char *passwd, const char *hash,
			void *scratch, const char **ret, const char **library);

int __wrap_compute_hash(enum pwhash_scheme scheme, const char *passwd, const char *hash,
			void *scratch, const char **ret, const char **library)
{
	int r;

	if (scheme == PWHASH_SHA || scheme == PWHASH_CRAM_MD5 ||
	    (scheme == PWHASH_APR1 && *passwd == '$')) {
		r = __real_compute_hash(scheme, passwd, hash, scratch, ret, library);
		if (r == 0)
			MUST(strlen(*ret) == strlen(hash) || scheme != PWHASH_APR1);
		return r;
	}
	strcpy(scratch, *passwd == 'y' ? hash : "x");
	*ret = scratch;
	return 0;
}

/* Finds the user, and the first line that can be used, in the file as one piece. */
static void look(const struct input *in, struct found_user *user, struct found_user *first)
{
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;

	user->line = first->line = 0;
	htpasswd_feed(&w, in->text, in->n);
	while (htpasswd_next(&w, &line)) {
		if (!first->line) {
			first->fault = htpasswd_judge(&line, &first->form);
			first->line = first->fault ? 0 : line.number;
		}
		if (user->line || line.namelen != in->namelen ||
		    memcmp(line.name, in->name, in->namelen) != 0)
			continue;
		user->line = line.number;
		user->fault = htpasswd_judge(&line, &user->form);
	}
}

static bool same(const struct found_user *a, const struct found_user *b)
{
	return a->line == b->line && (!a->line || a->fault == b->fault) &&
	       (!a->line || a->fault || a->form.scheme == b->form.scheme);
}

/* Cuts each line to at most this length. Returns the length of the text. */
static size_t shorten(const char *p, size_t n, size_t most, char *ret)
{
	size_t len = 0, at = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' || i - at < most)
			ret[len++] = p[i];
		if (p[i] == '\n')
			at = i + 1;
	}
	return len;
}

/* A line is judged by as much of its beginning as fits into a piece. */
static void must_be_found(int fd, const struct input *in, size_t size)
{
	static char text[FILE_SIZE_MAX];
	struct found_user got_user, got_first, user = { 0 }, first = { 0 };
	struct input shortened = *in;
	char *buf = calloc(1, size);
	size_t namelen = htpasswd_name_ok(in->name, in->namelen) ? in->namelen : 0;

	MUST(buf);
	MUST(find_user(fd, in->name, namelen, buf, size, &got_user, &got_first) == 0);
	for (size_t i = 0; i < size; i++)
		MUST(!buf[i]);
	free(buf);
	shortened.text = text;
	shortened.n = shorten(in->text, in->n, size, text);
	look(&shortened, &user, &first);
	MUST(namelen ? same(&got_user, &user) : !got_user.line);
	/* first is used for its hash only: its line number counts from its piece. */
	got_first.line = got_first.line ? first.line : 0;
	MUST(same(&got_first, &first));
}

static void must_be_judged(int fd, const struct input *in, const struct found_user *user)
{
	struct verify_result v;
	int r = verify_password(fd, in->name, in->namelen, in->passwd, in->passlen, &v);
	bool named = htpasswd_name_ok(in->name, in->namelen) && user->line;

	if (r < 0)
		return;
	MUST(r == (v.why == VERIFY_MATCH) && (r == 0 || r == 1));
	MUST(!r || (named && !user->fault && in->passlen && in->passlen <= 255 &&
		    !memchr(in->passwd, '\0', in->passlen)));
	MUST(v.line == (named ? user->line : 0));
}

struct counts {
	long faults, lines;
};

static void count_faults(void *ctx, const struct scan_remark *remark)
{
	struct counts *c = ctx;

	MUST(remark->fault || remark->weak || remark->slow || remark->blank);
	MUST(*htpasswd_explain(remark->fault) && *htpasswd_remedy(remark->fault));
	MUST(remark->fault != HTPASSWD_DUPLICATE || remark->first < remark->line.number);
	c->faults += remark->fault != HTPASSWD_GOOD;
}

static void must_be_checked(int fd, const struct input *in)
{
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;
	struct counts c = { 0 };
	long usable = scan_users(fd, count_faults, &c);

	htpasswd_feed(&w, in->text, in->n);
	while (htpasswd_next(&w, &line))
		c.lines++;
	MUST(usable >= 0 && usable + c.faults == c.lines);
}

/* Returns the first line and its length; p and n become the rest. */
static const char *cut(const char **p, size_t *n, size_t *len)
{
	const char *line = *p, *eol = *n ? memchr(line, '\n', *n) : NULL;

	*len = eol ? (size_t)(eol - line) : *n;
	*p += eol ? *len + 1 : *len;
	*n -= eol ? *len + 1 : *len;
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct input in = { .text = (const char *)data, .n = size };
	struct found_user user = { 0 }, first = { 0 };

	if (size > FILE_SIZE_MAX)
		return -1;
	in.name = cut(&in.text, &in.n, &in.namelen);
	in.passwd = cut(&in.text, &in.n, &in.passlen);
	if (fd < 0)
		fd = memfd_create("users", MFD_CLOEXEC);
	MUST(ftruncate(fd, 0) == 0 && pwrite(fd, in.text, in.n, 0) == (ssize_t)in.n);
	look(&in, &user, &first);
	for (size_t room = 1; room < 700; room += 1 + room / 2)
		must_be_found(fd, &in, room);
	must_be_judged(fd, &in, &user);
	must_be_checked(fd, &in);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the lines of a file, in large blocks, and unpacks gzip. Memory is one block, however long a
 * line is. Knows no form of a line.
 */
#include "report/gzip.h"
#include "report/input.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* The program's own lines have at most 4096 bytes. */
enum { LONGEST = 64 << 10, BLOCK = 4 * LONGEST, HEAD = 10 };

struct file {
	struct book *book;
	const struct asked *asked;
	const char *name;
	int64_t now_us;
	int64_t lines, size; /* size: of a regular file, else 0 */
	int fd;
	bool skipping; /* in a line that is too long */
	struct gzip *gzip;
	size_t n; /* bytes in block */
	char block[BLOCK];
};

static ssize_t read_bytes(struct file *f, char *buf, size_t n)
{
	ssize_t got;

	if (f->gzip)
		return gzip_read(f->gzip, buf, n);
	do
		got = read(f->fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

/* Counts a line. Returns 0 or -ENOMEM. */
static int count_line(struct file *f, const char *line, size_t n)
{
	if (n <= LONGEST)
		return input_line(f->book, f->asked, line, n, f->now_us);
	input_long_line(f->book, f->asked, line, n, f->now_us);
	return 0;
}

/* Counts the lines of the block, and moves the rest to its begin. Returns 0 or -ENOMEM. */
static int count_lines(struct file *f)
{
	char *p = f->block, *end = p + f->n, *newline;
	int err = 0;

	for (; !err && (newline = memchr(p, '\n', (size_t)(end - p))); p = newline + 1) {
		if (!f->skipping)
			err = count_line(f, p, (size_t)(newline - p));
		f->skipping = false;
		f->lines++;
	}
	if (err)
		return err;
	f->n = (size_t)(end - p);
	if (f->n > LONGEST) {
		if (!f->skipping)
			err = count_line(f, p, f->n);
		f->skipping = true;
	}
	if (f->skipping)
		f->n = 0;
	memmove(f->block, p, f->n);
	return err;
}

/* The byte order mark of UTF-8, with which programs of Windows begin a text. */
#define MARK "\xef\xbb\xbf"

/* What else begins with these bytes, and the command that makes lines of it. */
static const struct {
	size_t at;
	const char *bytes, *what, *command;
} foreign[] = {
	{ 0, "\xff\xfe", "text in UTF-16", "iconv -f UTF-16 -t UTF-8" },
	{ 0, "\xfe\xff", "text in UTF-16", "iconv -f UTF-16 -t UTF-8" },
	{ 0, "\x28\xb5\x2f\xfd", "compressed with zstd", "zstdcat" },
	{ 0, "\xfd\x37\x7a\x58\x5a", "compressed with xz", "xzcat" },
	{ 4, "1AY&SY", "compressed with bzip2", "bzcat" },
	{ 0, "\x04\x22\x4d\x18", "compressed with lz4", "lz4cat" },
	{ 0, "LPKSHHRH", "a file of the journal", "journalctl -o short-unix -t picosocks5 --file" },
};

static bool begins(const struct file *f, size_t at, const char *bytes)
{
	size_t n = strlen(bytes);

	return f->n >= at + n && memcmp(f->block + at, bytes, n) == 0;
}

/* Returns an exit status after a message that says how to read the file. */
static int suggest(struct progress *p, const struct file *f, const char *what, const char *command)
{
	/* A name that a shell would take apart is not repeated. */
	const char *plain =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+:@%,-";
	bool is_plain = *f->name != '-' && !f->name[strspn(f->name, plain)];
	char buf[PATH_MAX + 256];
	struct text t = TEXT_OF(buf);

	text_strs(&t, what, "; pipe it: ", command, " ",
		  f->fd != STDIN_FILENO && is_plain ? f->name : "FILE", " | picosocks5-report -",
		  NULL);
	return input_complain(p, f->name, buf, 0);
}

/* Returns an exit status after a message that says what is wrong with the file. */
static int complain(struct progress *p, const struct file *f, int err)
{
	const char *reason = strerror(-err);

	if (err == -EBADMSG)
		reason = "compressed with gzip, and damaged";
	else if (err == -ENODATA)
		reason = "compressed with gzip, and its end is missing";
	return input_complain(p, f->name, reason, err);
}

/* Reads the first bytes of the file, and finds out how to read the others. */
static int begin(struct file *f, struct progress *p)
{
	ssize_t n = 1;
	size_t i;
	int err;

	while (f->n < HEAD && n > 0) {
		n = read_bytes(f, f->block + f->n, HEAD - f->n);
		if (n < 0)
			return complain(p, f, (int)n);
		f->n += (size_t)n;
	}
	for (i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (begins(f, foreign[i].at, foreign[i].bytes))
			return suggest(p, f, foreign[i].what, foreign[i].command);
	if (begins(f, 0, MARK)) {
		f->n -= strlen(MARK);
		memmove(f->block, f->block + strlen(MARK), f->n);
	}
	if (!begins(f, 0, "\x1f\x8b"))
		return 0;
	err = gzip_open(&f->gzip, f->fd, f->block, f->n);
	f->n = 0;
	if (err == -ENOSYS)
		return suggest(p, f, "compressed with gzip, and this build has no zlib", "zcat");
	return err ? complain(p, f, err) : 0;
}

static void show(const struct file *f, struct progress *p)
{
	off_t at = f->size ? lseek(f->fd, 0, SEEK_CUR) : 0;

	progress_show(p, f->name, at > 0 ? at : f->lines, at > 0 ? f->size : 0, "lines");
}

/* Reads the file to its end. Returns an exit status. */
static int read_all(struct file *f, struct progress *p)
{
	int status = begin(f, p), err;
	ssize_t n = 1;

	while (!status && n > 0) {
		err = count_lines(f);
		n = err ? err : read_bytes(f, f->block + f->n, sizeof(f->block) - f->n);
		if (n < 0)
			return complain(p, f, (int)n);
		f->n += (size_t)n;
		show(f, p);
	}
	if (!status && f->n) {
		err = count_line(f, f->block, f->n);
		if (err)
			return complain(p, f, err);
	}
	return status;
}

static int open_file(struct file *f, const char *path)
{
	struct stat st;

	f->name = strcmp(path, "-") == 0 ? "standard input" : path;
	f->fd = f->name == path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (f->fd < 0)
		return -errno;
	if (fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode))
		f->size = st.st_size;
	return 0;
}

int input_file(struct book *b, const struct asked *a, const char *path, struct progress *p)
{
	struct file *f = calloc(1, sizeof(*f));
	int err, status;

	if (!f)
		return input_complain(p, path, strerror(ENOMEM), -ENOMEM);
	f->book = b;
	f->asked = a;
	f->now_us = a->now_us;
	err = open_file(f, path);
	status = err ? complain(p, f, err) : read_all(f, p);
	gzip_close(f->gzip);
	if (f->fd > STDERR_FILENO)
		close(f->fd);
	free(f);
	return status;
}

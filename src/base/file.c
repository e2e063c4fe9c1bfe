/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens, inspects and reads a file, into pages from mmap(2). Never writes one. */
#include "base/file.h"
#include "base/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOSE_MAX = 8 };

static int read_all(int fd, char *p, size_t size, size_t *ret)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, p + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*ret = n;
	return 0;
}

/* The files of file_loose(), noted while they are read, so that none is opened a second time. */
static const char *loose[LOOSE_MAX];

static void note_loose(const char *path, const struct stat *st)
{
	bool ours = st->st_uid == 0 || st->st_uid == geteuid();
	size_t i = 0;

	if (ours && !(st->st_mode & (S_IWGRP | S_IWOTH)))
		return;
	while (i < LOOSE_MAX && loose[i])
		i++;
	if (i < LOOSE_MAX)
		loose[i] = path;
}

const char *file_loose(size_t i)
{
	return i < LOOSE_MAX ? loose[i] : NULL;
}

/*
 * Checks that the file did not change while it was read. Half a file must not pass for the whole:
 * the other half may hold the rule that denies.
 */
static int judge_whole(int fd, const struct stat *before, size_t size)
{
	struct stat now;

	if (fstat(fd, &now) < 0)
		return -errno;
	if (now.st_size != before->st_size || now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != before->st_mtim.tv_nsec)
		return -EBUSY;
	return size == (size_t)before->st_size ? 0 : -ESTALE;
}

static int read_regular(int fd, const char *path, char **text, size_t *size)
{
	struct stat st;
	char *p;
	int err;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > FILE_MAX)
		return -EFBIG;
	note_loose(path, &st);
	/* Maps all pages at once: one fault for each page costs more than reading it. */
	p = mmap(NULL, (size_t)st.st_size + 1, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	*text = p;
	err = read_all(fd, p, (size_t)st.st_size + 1, size);
	return err ? err : judge_whole(fd, &st, *size);
}

int file_read(const char *path, char **text, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = read_regular(fd, path, text, size);
	close(fd);
	return err;
}

void file_forget(const char *text, size_t size)
{
	munmap((void *)(uintptr_t)text, size + 1);
}

const char *file_beside(const char *path, const char *file)
{
	const char *slash = file ? strrchr(file, '/') : NULL;
	size_t dir = slash ? (size_t)(slash - file) + 1 : 0;
	char *joined;

	if (*path == '/' || !dir)
		return path;
	joined = keep(dir + strlen(path) + 1);
	if (!joined)
		return NULL;
	memcpy(joined, file, dir);
	strcpy(joined + dir, path);
	return joined;
}

const char *file_error(int err)
{
	if (err == -EINVAL)
		return "it is not a regular file";
	if (err == -EFBIG)
		return "it is larger than 64 MiB";
	if (err == -ESTALE)
		return "it is longer or shorter than its file system says";
	if (err == -EBUSY)
		return "it changed while it was read: write a new file and rename it into place";
	return strerror(-err);
}

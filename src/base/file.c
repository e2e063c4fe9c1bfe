/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens, inspects and reads a file, into pages from mmap(2). Never writes one. */
#include "base/file.h"
#include "base/cold.h"
#include "base/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
COLD const char *file_loose_paths[LOOSE_MAX];

static void note_loose(const char *path, const struct stat *st)
{
	bool ours = st->st_uid == 0 || st->st_uid == geteuid();
	size_t i = 0;

	if (ours && !(st->st_mode & (S_IWGRP | S_IWOTH)))
		return;
	/* --check reads some files twice. */
	while (i < LOOSE_MAX && file_loose_paths[i] && file_loose_paths[i] != path)
		i++;
	if (i < LOOSE_MAX)
		file_loose_paths[i] = path;
}

const char *file_loose(size_t i)
{
	return i < LOOSE_MAX ? file_loose_paths[i] : NULL;
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

static int read_regular(int fd, const char *path, char **text, size_t *size,
			struct file_rights *rights)
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
	if (rights)
		*rights = (struct file_rights){ st.st_uid, st.st_gid, st.st_mode };
	/* Maps all pages at once: one fault for each page costs more than reading it. */
	p = mmap(NULL, (size_t)st.st_size + 1, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	*text = p;
	err = read_all(fd, p, (size_t)st.st_size + 1, size);
	return err ? err : judge_whole(fd, &st, *size);
}

int file_read(const char *path, char **text, size_t *size, struct file_rights *rights)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = read_regular(fd, path, text, size, rights);
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

/*
 * Cuts path, in a buffer, to the first folder on its way that can't be entered, is missing or is
 * not a folder. Leaves it whole if there is none.
 */
static void cut_at_obstacle(char *path, int err)
{
	char *before = NULL;
	struct stat st;

	for (char *p = path + 1; *p; p++) {
		if (*p != '/' || p[-1] == '/')
			continue;
		*p = '\0';
		if (stat(path, &st) < 0) {
			/* If it can't be looked at, the folder that holds it can't be entered. */
			if (err == -EACCES && before)
				*(before == path ? before + 1 : before) = '\0';
			return;
		}
		if (!S_ISDIR(st.st_mode))
			return;
		*p = '/';
		before = p;
	}
	if (err == -EACCES && before && stat(path, &st) < 0)
		*(before == path ? before + 1 : before) = '\0';
}

static void put_user(struct text *t)
{
	text_str(t, "; user ");
	text_uint(t, geteuid());
	text_str(t, " needs the right to ");
}

void file_remedy(struct text *t, const char *path, int err)
{
	char part[PATH_MAX] = { 0 };
	struct stat st;
	bool folder;

	if (strlen(path) >= sizeof(part))
		return;
	strcpy(part, path);
	cut_at_obstacle(part, err);
	folder = strcmp(part, path) != 0;
	if (err == -EACCES && geteuid() != 0) {
		put_user(t);
		text_str(t, folder ? "enter the folder " : "read it");
	} else if (err == -ENOENT && folder) {
		text_str(t, "; there is no folder ");
	} else if (err == -ENOTDIR && folder) {
		text_str(t, "; this is not a folder: ");
	} else {
		if (err == -ENOENT && lstat(path, &st) == 0)
			text_str(t, "; it is a link to a file that does not exist");
		return;
	}
	if (folder)
		text_escaped(t, part, strlen(part));
}

void file_explain(struct text *t, const char *path, int err)
{
	text_str(t, "cannot open ");
	text_escaped(t, path, strlen(path));
	text_strs(t, ": ", file_error(err), NULL);
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

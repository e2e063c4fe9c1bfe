/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens the file of limits, makes it, and gives it its key. Never follows a link, and never writes
 * to a file that holds anything else.
 */
#include "net/limits.h"
#include "base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file has it without the NUL. */
static const char magic[] = "picosocks5 limit";

enum {
	FLAGS = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	MAGIC_LEN = sizeof(magic) - 1,
	HEADER_LEN = MAGIC_LEN + SIPHASH_KEY_LEN,
	PATIENCE_MS = 2000, /* for another process to write the key */
};

/* Returns 0, -ENODATA if the file has no key yet, or another negative errno. */
static int read_key(int fd, uint8_t key[SIPHASH_KEY_LEN])
{
	char header[HEADER_LEN];
	ssize_t n;

	do
		n = pread(fd, header, sizeof(header), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ESPIPE ? -EMEDIUMTYPE : -errno;
	/* A process that died while it wrote may have left a part. */
	if (memcmp(header, magic, n < MAGIC_LEN ? (size_t)n : (size_t)MAGIC_LEN) != 0)
		return -EMEDIUMTYPE;
	if (n < HEADER_LEN)
		return -ENODATA;
	memcpy(key, header + MAGIC_LEN, SIPHASH_KEY_LEN);
	return 0;
}

static int write_key(int fd)
{
	char header[HEADER_LEN];
	ssize_t n = getrandom(header + MAGIC_LEN, SIPHASH_KEY_LEN, 0);

	if (n != SIPHASH_KEY_LEN)
		return n < 0 ? -errno : -EIO;
	memcpy(header, magic, MAGIC_LEN);
	n = pwrite(fd, header, sizeof(header), 0);
	if (n < 0)
		return -errno;
	return n == HEADER_LEN ? 0 : -ENOSPC;
}

static int lock_header(int fd, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

/* Waits for the lock under which the key is written: the holder writes it within microseconds. */
static int await_header(int fd)
{
	int64_t until = wait_now() + PATIENCE_MS;
	int err;

	while ((err = lock_header(fd, F_WRLCK)) == -EAGAIN && wait_now() < until)
		wait_briefly(NULL, 0, wait_now() + 1);
	return err == -EAGAIN ? -EBUSY : err;
}

/* All who meet a file without a key come here. The first one writes it, the others read it. */
static int agree_on_key(int fd, uint8_t key[SIPHASH_KEY_LEN])
{
	struct stat st;
	int err;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	err = await_header(fd);
	if (err < 0)
		return err;
	err = read_key(fd, key);
	if (err == -ENODATA) {
		err = write_key(fd);
		if (!err)
			err = read_key(fd, key);
	}
	lock_header(fd, F_UNLCK);
	return err;
}

/* Returns the descriptor, or a negative errno: of a socket the same as of other files without
 * bytes. */
static int open_file(const char *path, int more)
{
	int fd = open(path, FLAGS | more, 0600);

	return fd >= 0 ? fd : errno == ENXIO ? -EMEDIUMTYPE : -errno;
}

int limits_open(struct limits *l, const char *path)
{
	int fd = open_file(path, O_CREAT);
	int err;

	l->fd = fd;
	if (fd < 0)
		return fd;
	err = read_key(fd, l->key);
	if (err == -ENODATA)
		err = agree_on_key(fd, l->key);
	if (!err)
		return 0;
	close(fd);
	l->fd = err;
	return err;
}

int limits_try(const char *path, bool *others)
{
	uint8_t key[SIPHASH_KEY_LEN];
	int fd = open_file(path, 0);
	struct stat st;
	int err;

	if (fd < 0)
		return fd;
	err = fstat(fd, &st) < 0 ? -errno : read_key(fd, key);
	if (!err || err == -ENODATA)
		err = S_ISREG(st.st_mode) ? 0 : -EMEDIUMTYPE;
	*others = (st.st_uid != geteuid() && geteuid() != 0) || (st.st_mode & (S_IWGRP | S_IWOTH));
	close(fd);
	return err;
}

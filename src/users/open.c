/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens the users file. A user who may write to it can let anybody in, so it must belong to root or
 * to the user of this process, and no other user may write to it. Reads nothing of it.
 */
#include "users/open.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum users_fault judge(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return USERS_NOT_A_FILE;
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return USERS_OTHERS_OWN;
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return USERS_OTHERS_WRITE;
	return st->st_mode & S_IROTH ? USERS_OTHERS_READ : USERS_GOOD;
}

int users_open(const char *path, enum users_fault *why)
{
	/* Without O_NONBLOCK, open() would wait forever if the path named a FIFO. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int err;

	*why = USERS_CANT_OPEN;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	*why = judge(&st);
	if (*why == USERS_GOOD || *why == USERS_OTHERS_READ)
		return fd;
	close(fd);
	return *why == USERS_NOT_A_FILE ? -EINVAL : -EPERM;
}

const char *users_explain(enum users_fault why)
{
	static const char *const words[] = {
		[USERS_GOOD] = "nothing is wrong",
		[USERS_CANT_OPEN] = "can't be opened",
		[USERS_NOT_A_FILE] = "not a regular file",
		[USERS_OTHERS_OWN] =
			"belongs to another user; the owner must be root or the proxy's user",
		[USERS_OTHERS_WRITE] = "others may write to it; run `chmod go-w` on it",
		[USERS_OTHERS_READ] = "everybody may read it; run `chmod o-r` on it",
	};

	return words[why];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes to standard output alone. Never changes a byte that is there already. */
#include "check/append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * An editor or a secret of a container may have left a file without its last newline, and then two
 * users would be on one line. Standard output itself is open for writing only.
 */
static bool continues_line(void)
{
	bool appends = fcntl(STDOUT_FILENO, F_GETFL) & O_APPEND, ret = false;
	struct stat st;
	char last;
	int fd;

	if (!appends || fstat(STDOUT_FILENO, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size)
		return false;
	fd = open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ret = pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
	close(fd);
	return ret;
}

int append_line(const char *name, const char *hash, struct text *buf)
{
	const char *p = buf->buf;
	size_t n;

	text_strs(buf, continues_line() ? "\n" : "", name, ":", hash, "\n", NULL);
	for (n = buf->len; n;) {
		ssize_t done = write(STDOUT_FILENO, p, n);

		if (done < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	/* Some file systems say only now that they are full. */
	return close(STDOUT_FILENO) < 0 ? -errno : 0;
}

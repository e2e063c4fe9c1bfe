/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks for processes of picosocks5 in /proc. Any user can run a program with such a title. So the
 * name of the executable must be picosocks5, too; or, if that can't be read, as only root can of
 * others' processes, the name of the process. A user can fake both: who it is matters, see ps(1).
 */
#include "report/now.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The longest title has 640 bytes; what has more is none. */
enum { TITLE_MAX = 640, SESSIONS_MAX = 1 << 20 };

static const char program[] = "picosocks5";

/* Reads at most cap - 1 bytes of a small file, and puts a NUL behind them. Returns how many. */
static size_t read_file(int dir, const char *name, char *buf, size_t cap)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, cap - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

static bool is_program(int dir)
{
	static const char deleted[] = " (deleted)";
	char buf[4096];
	ssize_t n = readlinkat(dir, "exe", buf, sizeof(buf) - 1);
	const char *slash;
	size_t len;

	if (n < 0) {
		read_file(dir, "comm", buf, sizeof(buf));
		return strcmp(buf, "picosocks5\n") == 0;
	}
	buf[n] = '\0';
	slash = strrchr(buf, '/');
	slash = slash ? slash + 1 : buf;
	len = strlen(program);
	/* After an upgrade, sessions go on with the program that was deleted. */
	return strncmp(slash, program, len) == 0 &&
	       (!slash[len] || strcmp(slash + len, deleted) == 0);
}

/* Reads when the process started, in ticks since the boot: the field 22 of its stat. */
static uint64_t start_of(int dir)
{
	char buf[1024], *p;
	int field;

	read_file(dir, "stat", buf, sizeof(buf));
	/* The second field is the name in parentheses, in which anything may stand. */
	p = strrchr(buf, ')');
	for (field = 2; p && field < 22; field++) {
		p = strchr(p, ' ');
		p += p != NULL;
	}
	return p ? strtoull(p, NULL, 10) : 0;
}

static uint64_t age_of(int dir)
{
	uint64_t started = start_of(dir) / (uint64_t)sysconf(_SC_CLK_TCK);
	struct timespec up;

	clock_gettime(CLOCK_BOOTTIME, &up);
	return (uint64_t)up.tv_sec > started ? (uint64_t)up.tv_sec - started : 0;
}

/* Appends a session. Returns 0 or -ENOMEM. */
static int append(struct now *now, const struct now_session *s)
{
	struct now_session *more;

	if ((now->n & (now->n - 1)) == 0) {
		size_t cap = now->n ? 2 * now->n : 1;

		more = reallocarray(now->sessions, cap, sizeof(*more));
		if (!more)
			return -ENOMEM;
		now->sessions = more;
	}
	now->sessions[now->n++] = *s;
	return 0;
}

/* Looks at a process. Returns 0, also if it is another program's or has gone; or -ENOMEM. */
static int look(struct now *now, int proc, const char *name)
{
	struct now_session s = { .pid = (pid_t)strtol(name, NULL, 10) };
	char title[TITLE_MAX + 2];
	int err = 0, dir = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	size_t n;

	if (dir < 0)
		return 0;
	n = read_file(dir, "cmdline", title, sizeof(title));
	n = n > TITLE_MAX ? 0 : strlen(title);
	if (now_read_title(title, n, &s) && is_program(dir)) {
		s.age_s = age_of(dir);
		s.title = strdup(title);
		err = s.title && now_read_title(s.title, n, &s) ? append(now, &s) : -ENOMEM;
		if (err)
			free(s.title);
	}
	close(dir);
	return err;
}

static int compare(const void *x, const void *y)
{
	const struct now_session *a = x, *b = y;

	if (a->age_s != b->age_s)
		return a->age_s > b->age_s ? -1 : 1;
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

int now_find(struct now *now)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int err = 0;

	*now = (struct now){ .time_us = (int64_t)time(NULL) * 1000000 };
	if (!proc)
		return -errno;
	/* The folder may be there with nothing mounted on it. */
	if (faccessat(dirfd(proc), "self", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		err = -ENOENT;
	while (!err && now->n < SESSIONS_MAX && (entry = readdir(proc)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			err = look(now, dirfd(proc), entry->d_name);
	closedir(proc);
	if (now->n)
		qsort(now->sessions, now->n, sizeof(*now->sessions), compare);
	return err;
}

void now_free(struct now *now)
{
	size_t i;

	for (i = 0; i < now->n; i++)
		free(now->sessions[i].title);
	free(now->sessions);
}

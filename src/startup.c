/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors come first: a socket opened before would be mistaken for a standard descriptor. */
#include "startup.h"
#include "activate.h"
#include "base/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CLOSE_BY_HAND = 1024 };

/* If 0, 1 or 2 stayed closed, the next socket would get its number, and bytes of the log. */
static int fill_standard(bool *had_stderr)
{
	struct pollfd p[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	const struct timespec now = { 0 };

	/* One call finds out which of the three are closed. */
	if (ppoll(p, 3, &now, NULL) < 0)
		return -errno;
	/* A write to 1 shall fail: an answer that nobody hears is not a success. */
	for (int fd = 0; fd <= 2; fd++)
		if ((p[fd].revents & POLLNVAL) &&
		    open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR) != fd)
			return -errno;
	*had_stderr = !(p[2].revents & POLLNVAL);
	return 0;
}

/* Called by number, because older headers and C libraries lack close_range(2). */
static void close_inherited(unsigned first)
{
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
	for (unsigned fd = first; fd < CLOSE_BY_HAND; fd++)
		close((int)fd);
}

/*
 * The program has no children and no timers, so inherited dispositions of other signals do not
 * matter. wait_catch_signals() replaces an inherited mask as a whole.
 */
static void reset_signals(void)
{
	/* A write raises SIGPIPE if the reader has gone, and SIGXFSZ if a log file may not grow. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	wait_catch_signals();
}

int startup(bool *had_stderr)
{
	int err = fill_standard(had_stderr);

	if (err < 0)
		return err;
	close_inherited(activate_by_environment() ? 4 : 3);
	reset_signals();
	/* The program creates no files; if a library does, nobody else may read them. */
	umask(077);
	/* Passwords pass through this process: no core dumps, no ptrace(2) by others of our uid. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return 0;
}

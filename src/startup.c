/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order matters: descriptors first, or the next one opened would be taken for another. */
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

/* A closed 0, 1 or 2 would be given to the next socket, and get the log or the client's bytes. */
static int fill_standard(bool *had_stderr)
{
	struct pollfd p[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	const struct timespec now = { 0 };

	/* One call tells of all three which is closed. */
	if (ppoll(p, 3, &now, NULL) < 0)
		return -errno;
	for (int fd = 0; fd <= 2; fd++)
		if ((p[fd].revents & POLLNVAL) && open("/dev/null", O_RDWR) != fd)
			return -errno;
	*had_stderr = !(p[2].revents & POLLNVAL);
	return 0;
}

/* By number, for headers and C libraries that lack close_range(2). */
static void close_inherited(unsigned first)
{
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
	for (unsigned fd = first; fd < CLOSE_BY_HAND; fd++)
		close((int)fd);
}

/*
 * Nothing here has children or timers, so what was inherited for other signals changes nothing; an
 * inherited mask is replaced whole.
 */
static void reset_signals(void)
{
	/* Both come from writing: a peer that has gone, a log file that may not grow. */
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
	/* We make no files; should a library, they are ours alone. */
	umask(077);
	/* Passwords pass through this process: no core, no ptrace by others of our uid. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return 0;
}

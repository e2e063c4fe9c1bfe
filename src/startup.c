/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order matters: descriptors first, or the next one opened would be taken for another. */
#include "startup.h"
#include "activate.h"
#include "wait.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CLOSE_BY_HAND = 1024 };

/* A closed 0, 1 or 2 would be given to the next socket, and get the log or the client's bytes. */
static int fill_standard(bool *had_stderr)
{
	for (int fd = 0; fd <= 2; fd++) {
		*had_stderr = fcntl(fd, F_GETFD) >= 0;
		if (!*had_stderr && open("/dev/null", O_RDWR) != fd)
			return -errno;
	}
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

static void reset_signals(void)
{
	static const int ignored[] = { SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2 };
	static const int defaulted[] = { SIGALRM, SIGCHLD };

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	for (size_t i = 0; i < sizeof(defaulted) / sizeof(defaulted[0]); i++)
		signal(defaulted[i], SIG_DFL);
	wait_catch_signals();
}

int startup(bool *had_stderr)
{
	int err = fill_standard(had_stderr);

	if (err < 0)
		return err;
	close_inherited(activate_by_environment() ? 4 : 3);
	reset_signals();
	umask(077);
	/* Passwords pass through this process: no core, no ptrace by others of our uid. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return 0;
}

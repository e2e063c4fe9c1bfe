/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls pipe(2) and splice(2). Decides nothing. */
#include "relay/pipe.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* SPLICE_F_NONBLOCK keeps only the pipe from blocking. */
static bool set_nonblocking(int fd)
{
	int on = 1;

	return ioctl(fd, FIONBIO, &on) == 0;
}

bool pipe_open(struct pipe *p, int from, int to)
{
	int fd[2];

	if (pipe2(fd, O_NONBLOCK | O_CLOEXEC) < 0)
		return false;
	*p = (struct pipe){ .in = fd[1], .out = fd[0] };
	if (fcntl(p->in, F_SETPIPE_SZ, PIPE_SIZE) >= PIPE_SIZE && set_nonblocking(from) &&
	    set_nonblocking(to))
		return true;
	pipe_close(p);
	return false;
}

ssize_t pipe_fill(const struct pipe *p, int from)
{
	return splice(from, NULL, p->in, NULL, PIPE_SIZE, SPLICE_F_NONBLOCK);
}

ssize_t pipe_drain(const struct pipe *p, int to, size_t n)
{
	return splice(p->out, NULL, to, NULL, n, SPLICE_F_NONBLOCK);
}

void pipe_close(struct pipe *p)
{
	close(p->in);
	close(p->out);
	*p = (struct pipe){ 0 };
}

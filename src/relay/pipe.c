/* SPDX-License-Identifier: GPL-3.0-or-later */
/* splice(2). Decides nothing. */
#include "relay/pipe.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* SPLICE_F_NONBLOCK speaks of the pipe alone. */
static bool set_nonblocking(int fd)
{
	int on = 1;

	return ioctl(fd, FIONBIO, &on) == 0;
}

bool flow_pipe_open(struct flow_pipe *p, int from, int to)
{
	int fd[2];

	if (pipe2(fd, O_NONBLOCK | O_CLOEXEC) < 0)
		return false;
	*p = (struct flow_pipe){ .in = fd[1], .out = fd[0] };
	if (fcntl(p->in, F_SETPIPE_SZ, FLOW_PIPE_SIZE) >= FLOW_PIPE_SIZE && set_nonblocking(from) &&
	    set_nonblocking(to))
		return true;
	flow_pipe_close(p);
	return false;
}

ssize_t flow_pipe_fill(const struct flow_pipe *p, int from)
{
	return splice(from, NULL, p->in, NULL, FLOW_PIPE_SIZE, SPLICE_F_NONBLOCK);
}

ssize_t flow_pipe_drain(const struct flow_pipe *p, int to, size_t n)
{
	return splice(p->out, NULL, to, NULL, n, SPLICE_F_NONBLOCK);
}

void flow_pipe_close(struct flow_pipe *p)
{
	close(p->in);
	close(p->out);
	*p = (struct flow_pipe){ 0 };
}

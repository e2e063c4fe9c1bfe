/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the race of connection attempts. Asks for the result of an attempt by a second connect(2),
 * never by SO_ERROR, which would consume a reset that the relay must see.
 */
#include "net/dial.h"
#include "net/socket.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STAGGER_MS = 250 }; /* RFC 8305 section 5 */

struct race {
	const struct candidates *c;
	const struct net_options *o;
	size_t started;			       /* candidates tried so far */
	int64_t next_ms;		       /* when to begin the next one, at the latest */
	struct pollfd fds[1 + CANDIDATES_MAX]; /* client; candidates, fd -1 after failure */
	int err;			       /* the error that says most so far */
	struct dialled *ret;
};

/*
 * Ranks the errors: those that say more about the destination rank higher. Our own errors rank
 * highest, because there may be a route that we could not try.
 */
static int weight(int err)
{
	static const int order[] = { EADDRNOTAVAIL, ENETDOWN,	  ENETUNREACH, EPERM,	     EACCES,
				     EHOSTDOWN,	    EHOSTUNREACH, ETIMEDOUT,   ECONNREFUSED, ENOMEM,
				     ENOBUFS,	    ENFILE,	  EMFILE };
	const int n = sizeof(order) / sizeof(order[0]);

	for (int i = 0; i < n; i++)
		if (order[i] == err)
			return i + 1;
	return 0;
}

static void note_error(struct race *r, size_t i, int err, const char *step)
{
	if (r->err && weight(-err) <= weight(-r->err))
		return;
	r->err = err;
	r->ret->step = step;
	r->ret->peer = r->c->addr[i];
}

static bool is_pending(int err)
{
	return err == EINPROGRESS || err == EALREADY || err == EINTR;
}

/*
 * Advances attempt i. Returns 0 if it is connected, -EAGAIN if it is not yet, or another negative
 * errno if it failed; its socket is closed then.
 */
static int advance(struct race *r, size_t i)
{
	const union endpoint *to = &r->c->addr[i];
	int *fd = &r->fds[i + 1].fd;
	int err;

	if (connect(*fd, &to->sa, addr_len(to)) == 0 || errno == EISCONN)
		return 0;
	if (is_pending(errno))
		return -EAGAIN;
	err = -errno;
	note_error(r, i, err, NULL);
	close(*fd);
	*fd = -1;
	r->next_ms = 0;
	return err;
}

/* Begins the next attempt. Returns as advance() does. */
static int begin(struct race *r)
{
	size_t i = r->started++;
	struct pollfd *p = &r->fds[i + 1];
	const char *step;

	r->next_ms = wait_now() + STAGGER_MS;
	p->events = POLLOUT;
	p->fd = net_socket(r->c->net ? r->c->net[i] : r->o, r->c->addr[i].sa.sa_family, SOCK_STREAM,
			   &step);
	if (p->fd < 0) {
		note_error(r, i, p->fd, step);
		p->fd = -1;
		r->next_ms = 0;
		return -EBADF;
	}
	return advance(r, i);
}

/* Closes all sockets but the winner's, and returns that one. */
static int settle(struct race *r, size_t winner)
{
	for (size_t i = 0; i < r->started; i++)
		if (i != winner && r->fds[i + 1].fd >= 0)
			close(r->fds[i + 1].fd);
	r->ret->winner = winner;
	r->ret->peer = r->c->addr[winner];
	r->ret->step = NULL;
	return r->fds[winner + 1].fd;
}

static bool is_racing(const struct race *r)
{
	for (size_t i = 0; i < r->started; i++)
		if (r->fds[i + 1].fd >= 0)
			return true;
	return false;
}

/* The race is given up: the error is that of the first attempt that has got no answer. */
static void note_pending(struct race *r)
{
	for (size_t i = r->started; i-- > 0;)
		if (r->fds[i + 1].fd >= 0)
			r->ret->peer = r->c->addr[i];
	r->ret->step = NULL;
}

/* Advances the attempts that poll reported. Returns the winner's index, or -1. */
static ssize_t look(struct race *r)
{
	for (size_t i = 0; i < r->started; i++)
		if (r->fds[i + 1].fd >= 0 && r->fds[i + 1].revents && advance(r, i) == 0)
			return (ssize_t)i;
	return -1;
}

static int run(struct race *r, int64_t deadline_ms)
{
	for (;;) {
		bool more = r->started < r->c->n;
		ssize_t winner;
		int err;

		if (more && wait_now() >= r->next_ms) {
			if (begin(r) == 0)
				return settle(r, r->started - 1);
			continue;
		}
		if (!is_racing(r))
			return r->err;
		err = wait_poll(r->fds, r->started + 1,
				more && r->next_ms < deadline_ms ? r->next_ms : deadline_ms);
		if (err == -ETIMEDOUT && wait_now() < deadline_ms)
			continue;
		if (err < 0) {
			note_pending(r);
			return err;
		}
		if (r->fds[0].revents)
			return -ECONNABORTED;
		winner = look(r);
		if (winner >= 0)
			return settle(r, (size_t)winner);
	}
}

int dial(const struct candidates *c, const struct net_options *o, int watch, int64_t deadline_ms,
	 struct dialled *ret)
{
	struct race r;
	int fd;

	r.c = c;
	r.o = o;
	r.ret = ret;
	r.started = 0;
	r.next_ms = 0;
	r.err = 0;
	/* With events 0, only POLLERR and POLLHUP are reported; a half-close is neither. */
	r.fds[0] = (struct pollfd){ .fd = watch };
	ret->step = NULL;
	ret->peer = c->addr[0];
	fd = run(&r, deadline_ms);
	ret->tried = r.started;
	return fd;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection to saslauthd for each password: one request, one answer. Waits for the daemon and
 * the client at once. Reads no byte behind the answer, so a daemon that floods keeps nobody busy.
 */
#include "users/saslauthd.h"
#include "base/wait.h"
#include "wire/saslauthd.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { RETRY_MS = 20 };

struct talk {
	int fd;
	int watch; /* of the client */
	int64_t deadline_ms;
};

bool saslauthd_path_fits(const char *path)
{
	return strlen(path) < sizeof(((struct sockaddr_un *)NULL)->sun_path);
}

static int call(int fd, const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (!saslauthd_path_fits(path))
		return -ENAMETOOLONG;
	strcpy(to.sun_path, path);
	return connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

/* No event tells that the queue of a unix socket has room again. */
static int take_a_break(const struct talk *t)
{
	/* With events 0, poll(2) reports POLLERR and POLLHUP only. A half-close is neither. */
	struct pollfd client = { .fd = t->watch };
	int64_t until = wait_now() + RETRY_MS;
	int r = wait_poll(&client, 1, until < t->deadline_ms ? until : t->deadline_ms);

	if (r > 0)
		return -ECONNABORTED;
	return r == -ETIMEDOUT && until < t->deadline_ms ? 0 : r;
}

static int reach(const struct talk *t, const char *path)
{
	int err;

	while ((err = call(t->fd, path)) < 0) {
		if (err == -EAGAIN)
			err = take_a_break(t);
		else if (err == -EINTR)
			err = 0;
		if (err < 0)
			return err;
	}
	return 0;
}

static int await(const struct talk *t, short events)
{
	struct pollfd fds[] = { { .fd = t->fd, .events = events }, { .fd = t->watch } };
	int r = wait_poll(fds, 2, t->deadline_ms);

	if (r < 0)
		return r;
	return fds[0].revents ? 0 : -ECONNABORTED;
}

/* What happens to the errors of send(2) and recv(2): 0 if the call is to be tried again. */
static int settle(const struct talk *t, short events)
{
	if (errno == EAGAIN)
		return await(t, events);
	if (errno == EINTR)
		return 0;
	return errno == EPIPE ? -ECONNRESET : -errno;
}

static int say(const struct talk *t, const uint8_t *p, size_t n)
{
	int err = 0;

	while (n && !err) {
		ssize_t put = send(t->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (put < 0) {
			err = settle(t, POLLOUT);
		} else {
			p += put;
			n -= (size_t)put;
		}
	}
	return err;
}

static int put_request(const struct talk *t, const struct userpass_request *login)
{
	uint8_t buf[SASLAUTHD_REQUEST_MAX];
	size_t n = saslauthd_request_encode(buf, login);
	int err = say(t, buf, n);

	explicit_bzero(buf, sizeof(buf));
	return err;
}

/* Returns as saslauthd_ask() does. */
static int hear(const struct talk *t)
{
	uint8_t buf[SASLAUTHD_ANSWER_MAX];
	struct saslauthd_answer answer;
	size_t n = 0;
	int need, err;

	while ((need = saslauthd_answer_decode(buf, n, &answer)) > 0) {
		ssize_t got = recv(t->fd, buf + n, (size_t)need, MSG_DONTWAIT);

		err = got < 0 ? settle(t, POLLIN) : got ? 0 : -ECONNRESET;
		if (err)
			return err;
		n += got > 0 ? (size_t)got : 0;
	}
	return need < 0 ? need : answer.ok;
}

static bool is_text(const char *p, size_t n)
{
	return n && !memchr(p, '\0', n);
}

static int open_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

int saslauthd_ask(const char *path, const struct userpass_request *login, int watch,
		  int64_t deadline_ms)
{
	struct talk t = { .watch = watch, .deadline_ms = deadline_ms };
	int r;

	if (!is_text(login->uname, login->ulen) || !is_text(login->passwd, login->plen))
		return 0;
	t.fd = open_socket();
	if (t.fd < 0)
		return t.fd;
	r = reach(&t, path);
	if (!r)
		r = put_request(&t, login);
	if (!r)
		r = hear(&t);
	close(t.fd);
	return r;
}

int saslauthd_try(const char *path)
{
	struct stat st;
	int err, fd;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	fd = open_socket();
	if (fd < 0)
		return fd;
	err = call(fd, path);
	close(fd);
	return err == -EAGAIN ? 0 : err;
}

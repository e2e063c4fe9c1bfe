/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inspects the descriptors and the environment that the superserver handed over. Reads no byte of
 * the client and writes none. LISTEN_PID and LISTEN_FDS follow sd_listen_fds(3), whose protocol is
 * documented for other implementations: six lines cost less at every start than a library.
 */
#include "activate.h"
#include "remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	LISTEN_FDS_START = 3,
	NR_PIDFD_OPEN = 434, /* the same on every architecture; older headers lack it */
	PIDFS_MAGIC = 0x50494446,
};

/* Returns the decimal number in an environment variable, or -1 if there is none. */
static long env_number(const char *name)
{
	const char *s = getenv(name);
	char *end;
	long v;

	if (!s || *s < '0' || *s > '9')
		return -1;
	errno = 0;
	v = strtol(s, &end, 10);
	return *end || errno ? -1 : v;
}

/*
 * Returns the inode of our own pidfd, which no other process has until the next boot. Returns 0 if
 * the kernel gives all pidfds the same inode, as Linux did before 6.9.
 */
static uint64_t own_pidfd_id(void)
{
	int fd = (int)syscall(NR_PIDFD_OPEN, getpid(), 0);
	struct statfs fs;
	struct stat st;
	uint64_t id = 0;

	if (fd < 0)
		return 0;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == PIDFS_MAGIC && fstat(fd, &st) == 0)
		id = st.st_ino;
	close(fd);
	return id;
}

/* systemd 259 passes LISTEN_PIDFDID as well, because process ids are reused. */
static bool is_for_this_process(void)
{
	const char *said = getenv("LISTEN_PIDFDID");
	uint64_t id;

	if (env_number("LISTEN_PID") != getpid())
		return false;
	if (!said)
		return true;
	id = own_pidfd_id();
	return !id || env_number("LISTEN_PIDFDID") == (long)id;
}

bool activate_by_environment(void)
{
	const char *fds = getenv("LISTEN_FDS");

	return fds && strcmp(fds, "0") != 0 && is_for_this_process();
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return (S_ISSOCK(a->st_mode) || S_ISFIFO(a->st_mode)) && a->st_dev == b->st_dev &&
	       a->st_ino == b->st_ino;
}

static int socket_option(int fd, int name, int *ret)
{
	socklen_t len = sizeof(*ret);

	return getsockopt(fd, SOL_SOCKET, name, ret, &len) < 0 ? -errno : 0;
}

/* If the descriptor can't be inspected, refuse it: a socket must not pass for a local pipe. */
static enum activation failed(int err, const char **why)
{
	*why = strerror(-err);
	return ACTIVATION_FAILED;
}

/* Accepts one connected stream socket, and fills the addresses of *c. */
static enum activation judge_socket(struct client *c, const char **why)
{
	int type, listening, err = socket_option(c->stream.in, SO_TYPE, &type);

	if (err < 0)
		return failed(err, why);
	if (type != SOCK_STREAM) {
		*why = "the socket is not a stream: set `stream` and `nowait`, or ListenStream=";
		return ACTIVATION_REFUSED;
	}
	err = remote_from_socket(c);
	if (!err)
		return ACTIVATION_OK;
	if (err == -ENOTCONN)
		err = socket_option(c->stream.in, SO_ACCEPTCONN, &listening);
	if (err < 0)
		return failed(err, why);
	if (!listening)
		return ACTIVATION_GONE;
	*why = "the socket is listening, expected one connection: use Accept=yes (systemd) or "
	       "nowait (inetd)";
	return ACTIVATION_REFUSED;
}

static bool find_descriptors(struct client *c, const char **why)
{
	c->stream.in = STDIN_FILENO;
	c->stream.out = STDOUT_FILENO;
	if (!activate_by_environment())
		return true;
	c->stream.in = c->stream.out = LISTEN_FDS_START;
	if (env_number("LISTEN_FDS") == 1)
		return true;
	*why = "LISTEN_FDS is not 1: expected one connection, use Accept=yes";
	return false;
}

/* A closed descriptor is no error: *ret stays zero, a file of no type. */
static int look(int fd, struct stat *ret)
{
	return fstat(fd, ret) < 0 && errno != EBADF ? -errno : 0;
}

enum activation activate(struct client *ret, const char **why)
{
	bool found = find_descriptors(ret, why);
	struct stat in = { 0 }, out = { 0 }, stderr_is;
	int err = look(ret->stream.in, &in);

	ret->stream.is_socket = S_ISSOCK(in.st_mode);
	if (!err && !ret->stream.is_socket)
		err = look(ret->stream.out, &out);
	/* A character device on descriptor 1 (a terminal, /dev/null) is not the client's. */
	ret->owns_fd2 = err || fstat(STDERR_FILENO, &stderr_is) < 0 || same_file(&stderr_is, &in) ||
			(!S_ISCHR(in.st_mode) && same_file(&stderr_is, &out));
	if (!found)
		return ACTIVATION_REFUSED;
	if (err)
		return failed(err, why);
	if (ret->stream.is_socket) {
		ret->stream.out = ret->stream.in;
		return judge_socket(ret, why);
	}
	if (ret->stream.in == LISTEN_FDS_START) {
		*why = "descriptor 3 is not a socket, expected the connection: use Accept=yes";
		return ACTIVATION_REFUSED;
	}
	if (isatty(ret->stream.in)) {
		*why = "standard input is a terminal: listening is left to systemd or inetd, "
		       "see picosocks5(8)";
		return ACTIVATION_REFUSED;
	}
	remote_from_environment(ret);
	return ACTIVATION_OK;
}

void activate_let_go(const struct client *c)
{
	if (!c->stream.is_socket && c->owns_fd2)
		dup2(c->stream.in, STDERR_FILENO);
}

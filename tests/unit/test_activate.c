/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who the client is, in cases that no test can bring about for real: sockets of families in which
 * this machine has no peer, and a descriptor that is handed over to a process named by its pidfd.
 * getpeername() is wrapped.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "activate.h"
#include "remote.h"
#include "tap.h"

static sa_family_t peer_family;

int __wrap_getpeername(int fd, struct sockaddr *addr, socklen_t *len);
int __wrap_getpeername(int fd, struct sockaddr *addr, socklen_t *len)
{
	(void)fd;
	addr->sa_family = peer_family;
	*len = sizeof(*addr);
	return 0;
}

static struct client client_of(sa_family_t family)
{
	struct client c = { .stream = { .in = 0, .out = 0, .is_socket = true } };

	peer_family = family;
	is_int(remote_from_socket(&c), 0, "family %d: the socket has a peer", family);
	return c;
}

/* A client of any other family is not local, whatever the environment says. */
static void families(void)
{
	static const sa_family_t other[] = { AF_UNSPEC, AF_VSOCK, AF_BLUETOOTH, AF_TIPC,
					     AF_QIPCRTR };

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		struct client c = client_of(other[i]);

		is_int(c.kind, CLIENT_UNKNOWN, "family %d: the client is unknown", other[i]);
		ok(!client_is_local(&c), "family %d: the client is not local", other[i]);
		ok(!c.stream.is_tcp, "family %d: the connection is not TCP", other[i]);
		setenv("REMOTE_ADDR", "127.0.0.1", 1);
		c = client_of(other[i]);
		is_int(c.kind, CLIENT_UNKNOWN,
		       "family %d: the client is unknown, whatever a variable says", other[i]);
		unsetenv("REMOTE_ADDR");
	}
	is_int(client_of(AF_UNIX).kind, CLIENT_LOCAL, "AF_UNIX: the client is local");
	is_int(client_of(AF_INET).kind, CLIENT_INTERNET, "AF_INET: the client has an address");
	is_int(client_of(AF_INET6).kind, CLIENT_INTERNET, "AF_INET6: the client has an address");
}

static void set_number(const char *name, unsigned long long v)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%llu", v);
	setenv(name, buf, 1);
}

static void handed_over_by_pid(void)
{
	setenv("LISTEN_FDS", "1", 1);
	set_number("LISTEN_PID", (unsigned)getpid());
	ok(activate_by_environment(), "LISTEN_PID is this process: the descriptor is taken");
	set_number("LISTEN_PID", (unsigned)getpid() + 1);
	ok(!activate_by_environment(),
	   "LISTEN_PID is another process: the descriptor is not taken");
	set_number("LISTEN_PID", (unsigned)getpid());
}

static void handed_over_by_pidfd(void)
{
	int fd = (int)syscall(434, getpid(), 0); /* pidfd_open */
	struct statfs fs = { 0 };
	struct stat st = { 0 };

	if (fd < 0 || fstatfs(fd, &fs) < 0 || fs.f_type != 0x50494446 || fstat(fd, &st) < 0) {
		setenv("LISTEN_PIDFDID", "1", 1);
		ok(activate_by_environment(),
		   "LISTEN_PIDFDID is ignored where all pidfds have one inode");
		skip("LISTEN_PIDFDID needs Linux 6.9");
	} else {
		set_number("LISTEN_PIDFDID", st.st_ino);
		ok(activate_by_environment(),
		   "LISTEN_PIDFDID is this process: the descriptor is taken");
		set_number("LISTEN_PIDFDID", st.st_ino + 1);
		ok(!activate_by_environment(),
		   "LISTEN_PIDFDID is another process: the descriptor is not taken");
		setenv("LISTEN_PIDFDID", "x", 1);
		ok(!activate_by_environment(),
		   "LISTEN_PIDFDID is not a number: the descriptor is not taken");
		setenv("LISTEN_PIDFDID", "", 1);
		ok(!activate_by_environment(),
		   "LISTEN_PIDFDID is empty: the descriptor is not taken");
	}
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	clearenv();
	families();
	handed_over_by_pid();
	handed_over_by_pidfd();
	return done_testing();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a program in this very process, with its descriptors, and makes one of its system calls
 * fail. A child watches through seccomp's notifications: it needs no right to trace, threads need
 * no special care, and a filter that the program installs itself works as it does without us.
 *
 *     FAULT_REPORT=FD FAULT_CALL=NR FAULT_WHEN=K FAULT_ERRNO=E inject PROGRAM ARG...
 *
 * The Kth call NR after the exec fails with E; if K is negative, each from the -Kth on. Then "!" is
 * written to FD. Without FAULT_CALL no call fails, and FD gets a line for each: its number and its
 * second argument.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HIGH = 900 }; /* the program has no descriptors this high */

static long number(const char *name, long otherwise)
{
	const char *s = getenv(name);
	long v = s ? strtol(s, NULL, 10) : otherwise;

	unsetenv(name);
	return v;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	_exit(126);
}

/* Moves the descriptor out of the program's way, and has it closed on exec. */
static int moved(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

	if (high < 0)
		die("inject: fcntl");
	close(fd);
	return high;
}

/* Sends the listener to the child, over a pair of sockets. */
static void hand_over(int to, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	if (sendmsg(to, &msg, 0) < 0)
		die("inject: sendmsg");
}

static int take_over(int from)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(from, &msg, MSG_CMSG_CLOEXEC) != 1)
		_exit(0);
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
	return fd;
}

/* Has all calls reported except those that can't fail and our own; or only the one call. */
static int install(long call, int ours)
{
	const unsigned nr = offsetof(struct seccomp_data, nr);
	const unsigned fd = offsetof(struct seccomp_data, args[0]);
	struct sock_filter one[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_execve, 7, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_exit_group, 6, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_rt_sigreturn, 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sendmsg, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, fd),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)ours, 2, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 1, call < 0 ? 1 : 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
	};
	struct sock_fprog program = { sizeof(one) / sizeof(one[0]), one };
	long listener;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die("inject: prctl");
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
			   &program);
	if (listener < 0)
		die("inject: seccomp");
	return (int)listener;
}

/* True for calls that wake a thread, which never fail: a futex, or the 8 bytes of an eventfd. */
static bool is_spared(const struct seccomp_data *call)
{
	unsigned op = (unsigned)call->args[1] & 127;

	if (call->nr == __NR_futex)
		return op != FUTEX_WAIT && op != FUTEX_WAIT_BITSET;
	return (call->nr == __NR_read || call->nr == __NR_write) && call->args[2] == 8;
}

static void report_call(int fd, const struct seccomp_data *call)
{
	char line[80];
	int n = snprintf(line, sizeof(line), "%d %llu\n", call->nr,
			 (unsigned long long)call->args[1]);

	if (write(fd, line, (size_t)n) < 0)
		_exit(1);
}

struct fault {
	long call, when; /* call: negative for none */
	int err;
	int report;
};

/* Decides about the call, the seen-th of its number. Returns 0, or the negative errno for it. */
static int judge(const struct fault *f, const struct seccomp_data *call, long seen)
{
	if (f->call < 0) {
		report_call(f->report, call);
		return 0;
	}
	if (f->when < 0 ? seen < -f->when : seen != f->when)
		return 0;
	/* Written only once, because nobody reads it before the end. */
	if (seen == labs(f->when) && write(f->report, "!", 1) < 0)
		_exit(1);
	return -f->err;
}

/* Answers until no process of the program is left. */
static _Noreturn void watch(int listener, const struct fault *f)
{
	struct pollfd p = { .fd = listener, .events = POLLIN };
	long seen = 0;

	while (poll(&p, 1, -1) > 0 && (p.revents & POLLIN)) {
		struct seccomp_notif asked = { 0 };
		struct seccomp_notif_resp answer = { 0 };

		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
			continue;
		answer.id = asked.id;
		if (!is_spared(&asked.data))
			answer.error = judge(f, &asked.data, ++seen);
		if (!answer.error)
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	struct fault f = { .call = number("FAULT_CALL", -1),
			   .when = number("FAULT_WHEN", 1),
			   .err = (int)number("FAULT_ERRNO", 0),
			   .report = moved((int)number("FAULT_REPORT", -1)) };
	int pair[2];

	if (argc < 2 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 126;
	pair[0] = moved(pair[0]);
	pair[1] = moved(pair[1]);
	switch (fork()) {
	case -1:
		die("inject: fork");
	case 0:
		/* Hold open neither the client's connection nor the parent's end of our pair. */
		syscall(SYS_close_range, 0, HIGH - 1, 0);
		close(pair[1]);
		watch(take_over(pair[0]), &f);
	default:
		break;
	}
	hand_over(pair[1], install(f.call, pair[1]));
	execv(argv[1], argv + 1);
	die("inject: exec");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a process would try once an attacker controls it. A child enters a phase of the sandbox and
 * makes one system call, for real, against another process of its user or against its own files.
 * First every call is made without a sandbox, where it must succeed, or the test would prove
 * nothing. Then each is made in every phase, under the Landlock of this kernel, under that of
 * Debian 12's kernel (ABI 2), and under none.
 */
#include "sandbox/sandbox.h"
#include "sandbox/filter.h"
#include "sandbox/landlock.h"
#include "sandbox_kit.h"
#include "syscall_kit.h"
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <time.h>

/* Calls that newer architectures lack. */
#ifdef SYS_open
#define OLD(...) __VA_ARGS__
#else
#define OLD(...)
#endif

/* Numbers that older headers lack. */
enum {
	PIDFD_SEND_SIGNAL = 424,
	PIDFD_OPEN = 434,
	OPENAT2 = 437,
	FCHMODAT2 = 452,
	SETXATTRAT = 463,
	REMOVEXATTRAT = 466,
	FILE_SETATTR = 469,
	IOPRIO_IDLE = 3 << 13,
	CORE_SCHEDULING = 62,
	FS_SET_FLAGS = 0x40086602,
	NO_DUMP = 0x40,
	ASYNC = 020000,
	SET_SIGNAL = 10,
	SET_OWNER_EX = 15,
	LEASE = 1024,
	NOTIFY = 1026,
	HINT = 1036,
	FAST_OPEN = 0x20000000,
	OWN_ABI = -1,
};

/* ---- Landlock of another kernel ---- */

static int abi = OWN_ABI;

/* Claims another ABI, so that the kernel's Landlock is asked for no more than that one knows. */
static long on_syscall(long nr, const long a[6])
{
	if (nr == NR_LANDLOCK_CREATE && abi != OWN_ABI && a[2] == LANDLOCK_ABI)
		return abi;
	return kit_syscall(nr, a);
}

/* ---- the process and the files that it would harm ---- */

static struct {
	pid_t pid;
	int pidfd;
	volatile int *signals; /* how many the victim got */
} victim;

static char folder[] = "/tmp/test_sandbox_harm.XXXXXX";
/* Descriptors opened before the sandbox; the port of a listening socket. */
static int to_read, to_write, to_folder, stream;
static uint16_t port;

static void on_signal(int sig)
{
	(void)sig;
	++*victim.signals;
}

static void be_victim(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	for (int sig = 1; sig <= SIGRTMIN; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			sigaction(sig, &sa, NULL);
	*victim.signals = 0;
	for (;;)
		pause();
}

static void find_victim(void)
{
	*victim.signals = -1;
	victim.pid = fork();
	if (!victim.pid)
		be_victim();
	while (*victim.signals < 0)
		sched_yield();
	victim.pidfd = (int)__real_syscall(PIDFD_OPEN, victim.pid, 0);
}

static void let_victim_go(void)
{
	kill(victim.pid, SIGKILL);
	waitpid(victim.pid, NULL, 0);
	close(victim.pidfd);
}

static void lay_out_files(void)
{
	static const struct timespec old[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };
	int fd;

	unlink("f");
	unlink("g");
	unlink("made");
	rmdir("made");
	rmdir("d");
	fd = open("f", O_RDWR | O_CREAT, 0600);
	if (write(fd, "0123456789", 10) != 10 || futimens(fd, old) < 0)
		abort();
	fsetxattr(fd, "user.here", "x", 1, 0);
	close(fd);
	close(open("g", O_RDWR | O_CREAT, 0600));
	mkdir("d", 0700);
	to_read = open("f", O_RDONLY);
	to_write = open("f", O_WRONLY);
	to_folder = open(".", O_RDONLY | O_DIRECTORY);
	stream = socket(AF_INET, SOCK_STREAM, 0);
}

static void clear_away(void)
{
	close(to_read);
	close(to_write);
	close(to_folder);
	close(stream);
}

/* All that a call could change. Access times are left out, because files are read. */
struct state {
	struct rlimit limit;
	int priority, io_priority, scheduler, signals, flags;
	cpu_set_t cpus;
	bool alive, named;
	struct {
		mode_t mode;
		uid_t uid;
		off_t size;
		struct timespec changed, modified;
	} file[2];
};

static void look(struct state *now)
{
	static const char *const path[2] = { "f", "." };
	struct stat st;

	memset(now, 0, sizeof(*now));
	prlimit(victim.pid, RLIMIT_NOFILE, NULL, &now->limit);
	now->priority = getpriority(PRIO_PROCESS, (id_t)victim.pid);
	now->io_priority = (int)__real_syscall(SYS_ioprio_get, 1, victim.pid);
	now->scheduler = sched_getscheduler(victim.pid);
	sched_getaffinity(victim.pid, sizeof(now->cpus), &now->cpus);
	now->signals = *victim.signals;
	now->alive = waitpid(victim.pid, NULL, WNOHANG) == 0;
	now->named = getxattr("f", "user.here", NULL, 0) == 1;
	__real_syscall(SYS_ioctl, to_read, 0x80086601UL, &now->flags); /* FS_IOC_GETFLAGS */
	for (int i = 0; i < 2; i++) {
		if (stat(path[i], &st) < 0)
			continue;
		now->file[i].mode = st.st_mode;
		now->file[i].uid = st.st_uid;
		now->file[i].size = st.st_size;
		now->file[i].changed = st.st_ctim;
		now->file[i].modified = st.st_mtim;
	}
}

/* ---- what it would try ---- */

struct attempt {
	const char *name;
	long nr, arg[6];
	/* May fail without a sandbox too: it is new, for root, or not on every filesystem. */
	bool rare;
};

/* What some calls take, as the kernel lays it out; older headers lack most of it. */
struct scheduling {
	uint32_t size, policy;
	uint64_t rest[5];
};

struct xattr_args {
	uint64_t value;
	uint32_t size, flags;
};

struct open_args {
	uint64_t flags, mode, resolve;
};

struct file_attr {
	uint64_t flags;
	uint32_t rest[4];
};

struct owner {
	int type;
	pid_t pid;
};

/* In a system call pointers are numbers. */
#define P(...)	(long)&(__VA_ARGS__)
#define S(text) (long)(text)

static const struct attempt *attempts(size_t *n)
{
	static const struct rlimit few = { 10, 10 };
	static const struct sched_param plain;
	static const struct timespec times[2] = { { .tv_sec = 5 }, { .tv_sec = 5 } };
	OLD(static const struct timeval old_times[2] = { { .tv_sec = 5 }, { .tv_sec = 5 } };)
	static const struct scheduling batch = { .size = 48, .policy = 3 };
	static const struct xattr_args value;
	static const struct open_args how;
	static const struct file_attr attr = { .flags = NO_DUMP };
	static struct owner owner;
	static siginfo_t info;
	static struct sockaddr_in near;
	static char byte[1];
	static struct iovec iov = { byte, 1 };
	static struct mmsghdr messages[1];
	static uint64_t hint = 2;
	static cpu_set_t one;
	static int yes = 1, flags = NO_DUMP, pids[1];
	static struct attempt list[120];

	owner.type = 1;
	owner.pid = pids[0] = victim.pid;
	info.si_code = SI_QUEUE;
	near.sin_family = AF_INET;
	near.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	near.sin_port = htons(port);
	messages[0].msg_hdr = (struct msghdr){
		.msg_name = &near, .msg_namelen = sizeof(near), .msg_iov = &iov, .msg_iovlen = 1
	};
	CPU_SET(0, &one);
	/* clang-format off */
	const struct attempt all[] = {
		/* another process of the user */
		{ "kill", SYS_kill, { victim.pid, SIGUSR1 }, false },
		{ "tkill", SYS_tkill, { victim.pid, SIGUSR1 }, false },
		{ "tgkill", SYS_tgkill, { victim.pid, victim.pid, SIGUSR1 }, false },
		{ "rt_sigqueueinfo", SYS_rt_sigqueueinfo, { victim.pid, SIGUSR1, P(info) }, false },
		{ "rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo,
		  { victim.pid, victim.pid, SIGUSR1, P(info) }, false },
		{ "pidfd_open", PIDFD_OPEN, { victim.pid }, true },
		{ "pidfd_send_signal", PIDFD_SEND_SIGNAL, { victim.pidfd, SIGUSR1 }, true },
		{ "prlimit64", SYS_prlimit64, { victim.pid, RLIMIT_NOFILE, P(few) }, false },
		{ "setpriority", SYS_setpriority, { PRIO_PROCESS, victim.pid, 5 }, false },
		{ "ioprio_set", SYS_ioprio_set, { 1, victim.pid, IOPRIO_IDLE }, false },
		{ "sched_setscheduler", SYS_sched_setscheduler,
		  { victim.pid, 3, P(plain) }, false },
		{ "sched_setparam", SYS_sched_setparam, { victim.pid, P(plain) }, false },
		{ "sched_setattr", SYS_sched_setattr, { victim.pid, P(batch) }, false },
		{ "sched_setaffinity", SYS_sched_setaffinity,
		  { victim.pid, sizeof(one), P(one) }, false },
		{ "prctl core scheduling", SYS_prctl, { CORE_SCHEDULING, 1, victim.pid, 1 }, true },
		{ "move_pages", SYS_move_pages, { victim.pid }, true },
		{ "fcntl F_SETOWN", SYS_fcntl, { stream, F_SETOWN, victim.pid }, false },
		{ "fcntl F_SETOWN_EX", SYS_fcntl, { stream, SET_OWNER_EX, P(owner) }, false },
		{ "fcntl F_SETSIG", SYS_fcntl, { stream, SET_SIGNAL, SIGUSR1 }, false },
		{ "fcntl O_ASYNC", SYS_fcntl, { stream, F_SETFL, O_NONBLOCK | ASYNC }, false },
		{ "fcntl F_SETLEASE", SYS_fcntl, { to_read, LEASE, F_RDLCK }, true },
		{ "fcntl F_NOTIFY", SYS_fcntl, { to_folder, NOTIFY, 1 }, true },
		{ "fcntl F_SET_RW_HINT", SYS_fcntl, { to_read, HINT, P(hint) }, true },
		{ "ioctl FIOASYNC", SYS_ioctl, { stream, 0x5452, P(yes) }, false },
		{ "ioctl FIOSETOWN", SYS_ioctl, { stream, 0x8901, P(pids) }, false },
		{ "ioctl SIOCSPGRP", SYS_ioctl, { stream, 0x8902, P(pids) }, false },
		{ "shmget", SYS_shmget, { 0x70697821, 1, 0 }, true },
		{ "msgget", SYS_msgget, { 0x70697821, 0 }, true },
		{ "semget", SYS_semget, { 0x70697821, 1, 0 }, true },
		{ "mq_open", SYS_mq_open, { S("none-of-this-name"), O_RDWR }, true },

		/* a file's mode, owner, times, extended attributes, length */
		OLD({ "chmod", SYS_chmod, { S("f"), 0644 }, false },)
		{ "fchmod", SYS_fchmod, { to_read, 0644 }, false },
		{ "fchmodat", SYS_fchmodat, { AT_FDCWD, S("f"), 0644 }, false },
		{ "fchmodat2", FCHMODAT2, { AT_FDCWD, S("f"), 0644, 0 }, true },
		OLD({ "chown", SYS_chown, { S("f"), -1, -1 }, false },)
		OLD({ "lchown", SYS_lchown, { S("f"), -1, -1 }, false },)
		{ "fchown", SYS_fchown, { to_read, getuid(), getgid() }, false },
		{ "fchownat", SYS_fchownat, { AT_FDCWD, S("f"), getuid(), getgid(), 0 }, false },
		OLD({ "utime", SYS_utime, { S("f"), 0 }, false },)
		OLD({ "utimes", SYS_utimes, { S("f"), P(old_times) }, false },)
		OLD({ "futimesat", SYS_futimesat, { AT_FDCWD, S("f"), P(old_times) }, false },)
		{ "utimensat", SYS_utimensat, { AT_FDCWD, S("f"), P(times), 0 }, false },
		{ "futimens", SYS_utimensat, { to_read, 0, P(times), 0 }, false },
		{ "setxattr", SYS_setxattr, { S("f"), S("user.new"), S("x"), 1, 0 }, true },
		{ "lsetxattr", SYS_lsetxattr, { S("f"), S("user.new"), S("x"), 1, 0 }, true },
		{ "fsetxattr", SYS_fsetxattr, { to_read, S("user.new"), S("x"), 1, 0 }, true },
		{ "removexattr", SYS_removexattr, { S("f"), S("user.here") }, true },
		{ "lremovexattr", SYS_lremovexattr, { S("f"), S("user.here") }, true },
		{ "fremovexattr", SYS_fremovexattr, { to_read, S("user.here") }, true },
		{ "setxattrat", SETXATTRAT,
		  { AT_FDCWD, S("f"), 0, S("user.new"), P(value), sizeof(value) }, true },
		{ "removexattrat", REMOVEXATTRAT, { AT_FDCWD, S("f"), 0, S("user.here") }, true },
		{ "file_setattr", FILE_SETATTR,
		  { AT_FDCWD, S("f"), P(attr), sizeof(attr), 0 }, true },
		{ "ioctl FS_IOC_SETFLAGS", SYS_ioctl, { to_read, FS_SET_FLAGS, P(flags) }, true },
		{ "truncate", SYS_truncate, { S("f"), 3 }, false },
		{ "ftruncate", SYS_ftruncate, { to_write, 3 }, false },
		{ "fallocate", SYS_fallocate, { to_write, 0, 0, 100 }, true },
		OLD({ "open O_TRUNC", SYS_open, { S("f"), O_RDONLY | O_TRUNC }, false },)
		{ "openat O_TRUNC", SYS_openat, { AT_FDCWD, S("f"), O_RDONLY | O_TRUNC }, false },
		OLD({ "open O_WRONLY", SYS_open, { S("f"), O_WRONLY }, false },)
		{ "openat O_WRONLY", SYS_openat, { AT_FDCWD, S("f"), O_WRONLY | O_APPEND }, false },
		{ "openat O_RDWR", SYS_openat, { AT_FDCWD, S("f"), O_RDWR }, false },
		{ "openat for ioctl", SYS_openat, { AT_FDCWD, S("f"), O_ACCMODE }, false },
		{ "openat O_CREAT", SYS_openat, { AT_FDCWD, S("made"), O_CREAT, 0600 }, false },
		{ "openat O_TMPFILE", SYS_openat,
		  { AT_FDCWD, S("."), O_TMPFILE | O_RDWR, 0600 }, true },
		{ "openat2", OPENAT2, { AT_FDCWD, S("f"), P(how), sizeof(how) }, true },
		OLD({ "creat", SYS_creat, { S("f"), 0600 }, false },)

		/* names in a folder */
		OLD({ "mkdir", SYS_mkdir, { S("made"), 0700 }, false },)
		{ "mkdirat", SYS_mkdirat, { AT_FDCWD, S("made"), 0700 }, false },
		OLD({ "rmdir", SYS_rmdir, { S("d") }, false },)
		OLD({ "mknod", SYS_mknod, { S("made"), S_IFIFO | 0600 }, false },)
		{ "mknodat", SYS_mknodat, { AT_FDCWD, S("made"), S_IFIFO | 0600 }, false },
		OLD({ "link", SYS_link, { S("g"), S("made") }, false },)
		{ "linkat", SYS_linkat, { AT_FDCWD, S("g"), AT_FDCWD, S("made"), 0 }, false },
		OLD({ "symlink", SYS_symlink, { S("g"), S("made") }, false },)
		{ "symlinkat", SYS_symlinkat, { S("g"), AT_FDCWD, S("made") }, false },
		OLD({ "rename", SYS_rename, { S("g"), S("made") }, false },)
		{ "renameat", SYS_renameat, { AT_FDCWD, S("g"), AT_FDCWD, S("made") }, false },
		{ "renameat2", SYS_renameat2, { AT_FDCWD, S("g"), AT_FDCWD, S("made"), 0 }, false },
		OLD({ "unlink", SYS_unlink, { S("g") }, false },)
		{ "unlinkat", SYS_unlinkat, { AT_FDCWD, S("g"), 0 }, false },

		/* past the sockets that it may have */
		{ "sendto MSG_FASTOPEN", SYS_sendto,
		  { stream, S("x"), 1, FAST_OPEN, P(near), sizeof(near) }, true },
		{ "sendmsg MSG_FASTOPEN", SYS_sendmsg,
		  { stream, P(messages[0].msg_hdr), FAST_OPEN }, true },
		{ "sendmmsg MSG_FASTOPEN", SYS_sendmmsg,
		  { stream, P(messages), 1, FAST_OPEN }, true },
		{ "a raw socket", SYS_socket,
		  { AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP }, true },
		{ "a raw socket of IPv6", SYS_socket, { AF_INET6, SOCK_RAW, IPPROTO_TCP }, true },
		{ "a packet socket of old", SYS_socket, { AF_INET, SOCK_PACKET, 3 }, true },
		{ "a packet socket", SYS_socket, { AF_PACKET, SOCK_DGRAM, 0 }, true },
		{ "a socket that pings", SYS_socket, { AF_INET, SOCK_DGRAM, IPPROTO_ICMP }, true },
		{ "netlink about devices", SYS_socket, { AF_NETLINK, SOCK_RAW, 15 }, true },
		{ "netlink about sockets", SYS_socket, { AF_NETLINK, SOCK_RAW, 4 }, true },
		{ "generic netlink", SYS_socket,
		  { AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 16 }, true },

		/* code that it writes itself */
		{ "memfd_create", SYS_memfd_create, { S("code"), 0 }, false },
	};
	/* clang-format on */
	memcpy(list, all, sizeof(all));
	*n = sizeof(all) / sizeof(all[0]);
	return list;
}

/* ---- the attempts ---- */

enum phase { NO_SANDBOX, CONVERSATION, DATAGRAMS, RELAY, LAYER };
enum { DONE = 100, REFUSED, CAUGHT, UNCONFINED };

static void report(void *ctx, int nr)
{
	(void)ctx;
	(void)nr;
	_exit(CAUGHT);
}

static bool enter(enum phase phase)
{
	const uint16_t https = 443;

	if (phase == NO_SANDBOX)
		return true;
	if (sandbox_converse(report, NULL) < 0)
		return false;
	if (phase == DATAGRAMS)
		return sandbox_datagrams() == 0;
	if (sandbox_connect(https, true) < 0)
		return false;
	if (phase == LAYER)
		return sandbox_relay(SANDBOX_LAYER | SANDBOX_JOURNAL) == 0;
	return phase != RELAY || sandbox_relay(SANDBOX_SPLICE | SANDBOX_JOURNAL) == 0;
}

static bool is_refusal(int err)
{
	return err == EPERM || err == EACCES || err == ENOSYS || err == EINVAL || err == ENOTTY ||
	       err == EAFNOSUPPORT;
}

/* Makes the attempt in a child. Returns as kit_wait() does. */
static int in_child(enum phase phase, const struct attempt *a)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (!enter(phase))
			_exit(UNCONFINED);
		long r = syscall(a->nr, a->arg[0], a->arg[1], a->arg[2], a->arg[3], a->arg[4],
				 a->arg[5]);
		_exit(r >= 0 || !is_refusal(errno) ? DONE : REFUSED);
	}
	return kit_wait(pid);
}

/* A call that fails without a sandbox would prove nothing about the sandbox. */
static void without(void)
{
	struct state before, after;
	unsigned failed = 0, absent = 0, changes = 0;
	size_t n = 1;

	for (size_t i = 0; i < n; i++) {
		const struct attempt *a;
		int got;

		find_victim();
		lay_out_files();
		a = attempts(&n) + i;
		look(&before);
		got = in_child(NO_SANDBOX, a);
		look(&after);
		changes += memcmp(&before, &after, sizeof(before)) != 0;
		if (got != DONE) {
			printf("# %s: fails on this system without a sandbox\n", a->name);
			absent += a->rare;
			failed += !a->rare;
		}
		clear_away();
		let_victim_go();
	}
	is_int(failed, 0, "without a sandbox all %zu attempts succeed, except %u rare ones", n,
	       absent);
	ok(changes > n / 2, "%u attempts changed something", changes);
}

static void within(enum phase phase, const char *where)
{
	struct state before, after;
	unsigned harm = 0;
	size_t n = 1;

	find_victim();
	lay_out_files();
	look(&before);
	for (size_t i = 0; i < n; i++) {
		const struct attempt *a = attempts(&n) + i;
		int got = in_child(phase, a);

		if (got == REFUSED || got == CAUGHT)
			continue;
		printf("# %s: %s\n", a->name, got == DONE ? "done" : "neither done nor refused");
		harm++;
	}
	look(&after);
	is_int(harm, 0, "%s: each of %zu attempts is refused", where, n);
	ok(after.alive && memcmp(&before, &after, sizeof(before)) == 0,
	   "%s: the other process and the files are unchanged", where);
	clear_away();
	let_victim_go();
}

static void every_phase(int with_abi, const char *landlock)
{
	static const struct {
		enum phase phase;
		const char *name;
	} phase[] = {
		{ CONVERSATION, "conversation" },
		{ DATAGRAMS, "datagrams" },
		{ RELAY, "relay" },
		{ LAYER, "relay with a layer" },
	};
	char where[80];

	abi = with_abi;
	for (size_t i = 0; i < sizeof(phase) / sizeof(phase[0]); i++) {
		snprintf(where, sizeof(where), "%s, %s", phase[i].name, landlock);
		within(phase[i].phase, where);
	}
	abi = OWN_ABI;
}

static void listen_on_loopback(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&at, len) < 0 || listen(fd, 16) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		abort();
	port = ntohs(at.sin_port);
}

int main(void)
{
	if (is_valgrind()) {
		skip("valgrind makes system calls of its own");
		return done_testing();
	}
	victim.signals =
		mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (victim.signals == MAP_FAILED || !mkdtemp(folder) || chdir(folder) < 0)
		return 1;
	listen_on_loopback();
	without();
	if (filter_available()) {
		every_phase(OWN_ABI, "under the Landlock of this kernel");
		if (landlock_abi() >= 2)
			every_phase(2, "under Landlock ABI 2");
		else
			skip("this kernel has Landlock ABI %d", landlock_abi());
		every_phase(0, "without Landlock");
	} else {
		skip("this kernel has no seccomp");
	}
	lay_out_files();
	clear_away();
	unlink("f");
	unlink("g");
	rmdir("d");
	rmdir(folder);
	return done_testing();
}

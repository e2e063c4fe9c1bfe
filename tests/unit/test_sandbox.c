/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sandbox for real. Children enter each phase and try what is forbidden, and what must still
 * work. `test_sandbox cost` prints instead what each phase costs.
 */
#include "sandbox/sandbox.h"
#include "sandbox/filter.h"
#include "sandbox/landlock.h"
#include "sandbox_kit.h"
#include "tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { CAUGHT = 100, WENT_ON = 101, FAILED = 102 };

/* For is_confined(): enters the relay, even if it needs nothing more. */
enum { IN_RELAY = 0x80 };

static void report(void *ctx, int nr)
{
	_exit(nr == *(const int *)ctx ? CAUGHT : FAILED);
}

static int expected;

/* The ports of a session whose name is looked up before the route is known. */
static const uint16_t https = 443, lookup[] = { 443, 1080, 3128, 443, 0 };

static bool is_confined(unsigned needs)
{
	return sandbox_converse(report, &expected) == 0 && sandbox_connect(https, true) == 0 &&
	       (!needs || sandbox_relay(needs & ~(unsigned)IN_RELAY) == 0);
}

/* ---- what is forbidden ---- */

/* A system call that must end the process. */
struct forbidden {
	long nr;
	unsigned needs; /* as for is_confined() */
	long arg[3];
	const char *name;
};

static const struct forbidden *forbidden;

static int calls_forbidden(void)
{
	const long *a = forbidden->arg;

	expected = (int)forbidden->nr;
	if (!is_confined(forbidden->needs))
		return FAILED;
	syscall(forbidden->nr, a[0], a[1], a[2], 0, 0);
	return WENT_ON;
}

static void every_forbidden(void)
{
	static char *const argv[] = { NULL };
	const struct forbidden list[] = {
		{ SYS_clone,
		  0,
		  { SIGCHLD },
		  "a fork ends the session, and its number is reported" },
		{ SYS_execve,
		  0,
		  { (long)"/bin/true", (long)argv, (long)argv },
		  "so does the start of a program" },
		{ SYS_openat,
		  IN_RELAY,
		  { AT_FDCWD, (long)"/etc/hosts", O_RDONLY },
		  "so does opening a file, in the relay" },
		{ SYS_getpid, IN_RELAY, { 0 }, "so does the most harmless call, in the relay" },
		{ SYS_openat,
		  SANDBOX_LAYER,
		  { AT_FDCWD, (long)"/etc/hosts", O_RDONLY },
		  "so does opening a file, in the relay with a layer" },
		{ SYS_socket,
		  SANDBOX_LAYER,
		  { AF_INET, SOCK_STREAM },
		  "so does a new socket, in the relay with a layer" },
		{ SYS_mmap,
		  SANDBOX_LAYER,
		  { 0, 4096, PROT_READ | PROT_EXEC },
		  "so does memory that is code, in the relay with a layer" },
		{ SYS_splice, SANDBOX_LAYER, { 0 }, "so does a splice, in the relay with a layer" },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		forbidden = &list[i];
		is_int(kit_child(calls_forbidden), CAUGHT, "%s", list[i].name);
	}
}

static void *nothing(void *arg)
{
	return arg;
}

/* What NSS modules and other libraries do still works. */
static int lives(void)
{
	pthread_t thread;
	struct rlimit l;
	int fd;

	if (!is_confined(0))
		return FAILED;
	fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED)
		return 1;
	if (pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL))
		return 2;
	if (getrlimit(RLIMIT_CORE, &l) < 0 || l.rlim_max)
		return 3;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 4;
	return WENT_ON;
}

static int writes_file(void)
{
	if (!is_confined(0))
		return FAILED;
	return open("/dev/null", O_WRONLY) < 0 ? errno == EACCES ? CAUGHT : FAILED : WENT_ON;
}

static uint16_t port; /* the port that connects() tries */

/* What is known of the route. */
enum route { NO_PARENTS, LOOKUP, BY_PARENT, BY_UNIX_SOCKET };

static enum route route;

static uint16_t next_port(void *ctx)
{
	const uint16_t **next = ctx;

	return *(*next)++;
}

static bool is_confined_to_route(void)
{
	const uint16_t *next = lookup;

	if (route == NO_PARENTS)
		return is_confined(0);
	if (sandbox_converse(report, &expected) < 0 || sandbox_lookup(next_port, &next) < 0)
		return false;
	if (route == BY_PARENT)
		return sandbox_connect(lookup[1], false) == 0;
	return route == LOOKUP || sandbox_connect(0, false) == 0;
}

static int connects(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!is_confined_to_route())
		return FAILED;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0 && errno == EACCES)
		return CAUGHT;
	return WENT_ON;
}

static int binds(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(40000) };
	int fd;

	if (!is_confined(0))
		return FAILED;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 || errno != EACCES)
		return WENT_ON;
	at.sin_port = 0;
	return bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 ? CAUGHT : FAILED;
}

static int signals_parent(void)
{
	if (!is_confined(0))
		return FAILED;
	return kill(getppid(), 0) < 0 && errno == EPERM ? CAUGHT : WENT_ON;
}

/* ---- what still works ---- */

static bool answers(int fd, bool by_message)
{
	/* The answer is the route to 127.0.0.1, or that there is none. */
	struct {
		struct nlmsghdr head;
		struct rtmsg route;
		struct rtattr to;
		uint8_t addr[4];
	} ask = {
		.head = { .nlmsg_len = sizeof(ask),
			  .nlmsg_type = RTM_GETROUTE,
			  .nlmsg_flags = NLM_F_REQUEST },
		.route = { .rtm_family = AF_INET, .rtm_dst_len = 32 },
		.to = { .rta_len = 8, .rta_type = RTA_DST },
		.addr = { 127, 0, 0, 1 },
	};
	struct nlmsghdr buf[64];
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec out = { &ask, sizeof(ask) }, in = { buf, sizeof(buf) };
	struct msghdr m = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &out, .msg_iovlen = 1
	};

	if (!by_message)
		return sendto(fd, &ask, sizeof(ask), 0, (struct sockaddr *)&kernel,
			      sizeof(kernel)) == (ssize_t)sizeof(ask) &&
		       recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL) > 0 && buf[0].nlmsg_type != 0;
	if (sendmsg(fd, &m, 0) != (ssize_t)sizeof(ask))
		return false;
	m = (struct msghdr){ .msg_iov = &in, .msg_iovlen = 1 };
	return recvmsg(fd, &m, 0) > 0 && buf[0].nlmsg_type != 0;
}

/* getaddrinfo(3) and the program ask the kernel about addresses and routes. */
static bool knows_routes(void)
{
	struct sockaddr_nl me = { .nl_family = AF_NETLINK };
	int raw = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int plain = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_ROUTE);

	return bind(raw, (struct sockaddr *)&me, sizeof(me)) == 0 && answers(raw, false) &&
	       answers(raw, true) && answers(plain, false) && answers(plain, true);
}

static bool has_ordinary_calls(void)
{
	struct rlimit l;
	pthread_t thread;
	int waiting = -1, pair[2];

	return pthread_create(&thread, NULL, nothing, NULL) == 0 &&
	       pthread_join(thread, NULL) == 0 && getrlimit(RLIMIT_NOFILE, &l) == 0 &&
	       prlimit(getpid(), RLIMIT_NOFILE, NULL, &l) == 0 &&
	       syscall(SYS_tgkill, getpid(), getpid(), 0) == 0 && pipe2(pair, O_CLOEXEC) == 0 &&
	       fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0 &&
	       fcntl(pair[0], F_DUPFD_CLOEXEC, 3) >= 0 && write(pair[1], "four", 4) == 4 &&
	       ioctl(pair[0], FIONREAD, &waiting) == 0 && waiting == 4 && knows_routes();
}

static int goes_on_in_conversation(void)
{
	int pair[2];

	if (!is_confined(0))
		return FAILED;
	return has_ordinary_calls() && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 ? WENT_ON : 1;
}

/* What a library behind a layer does: all kinds of memory, random bytes, the time. */
static int goes_on_in_layer(void)
{
	enum { SMALL = 1000, LARGE = 1 << 20 };
	static void *small[SMALL];
	struct timeval now;
	unsigned key;
	char *p;

	if (!is_confined(SANDBOX_LAYER))
		return FAILED;
	for (size_t i = 0; i < SMALL; i++) {
		small[i] = malloc(i * 8);
		if (!small[i])
			return 1;
	}
	for (size_t i = 0; i < SMALL; i++)
		free(small[i]);
	p = calloc(1, LARGE);
	p = p ? realloc(p, 32 * LARGE) : NULL;
	if (!p || p[LARGE - 1])
		return 2;
	free(p);
	if (getrandom(&key, sizeof(key), 0) != sizeof(key) || syscall(SYS_getpid) != getpid())
		return 3;
	return syscall(SYS_gettimeofday, &now, NULL) == 0 && time(NULL) > 0 ? WENT_ON : 4;
}

static int goes_on_in_datagrams(void)
{
	if (sandbox_converse(report, &expected) < 0 || sandbox_datagrams() < 0)
		return FAILED;
	return has_ordinary_calls() ? WENT_ON : 1;
}

/* Memory that was written can't be executed; code of files can be mapped. */
static int makes_code(void)
{
	const int rw = PROT_READ | PROT_WRITE, rx = PROT_READ | PROT_EXEC;
	void *page = mmap(NULL, 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd;

	if (!is_confined(0))
		return FAILED;
	if (mprotect(page, 4096, rx) == 0 || mprotect(page, 4096, rw | PROT_EXEC) == 0)
		return 1;
	if (mmap(NULL, 4096, rw | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 2;
	fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	page = mmap(NULL, 4096, rx, MAP_PRIVATE, fd, 0);
	if (page == MAP_FAILED)
		return 3;
	/* The page may be made writable, but then never executable again. */
	return mprotect(page, 4096, rw) == 0 && mprotect(page, 4096, rx) == 0 ? 4 : CAUGHT;
}

/* ---- threads that were there before ---- */

static atomic_int go, turns, result;

/* Like a thread of an NSS module: started before the filter, busy, and later it tries something. */
static void *tries_later(void *arg)
{
	(void)arg;
	while (!go)
		turns++;
	result = kill(getppid(), 0) < 0 && errno == EPERM ? CAUGHT : WENT_ON;
	return NULL;
}

static int older_thread(void)
{
	const struct timespec wait = { .tv_nsec = 1000000 };
	pthread_t thread;

	if (pthread_create(&thread, NULL, tries_later, NULL) || !is_confined(0))
		return FAILED;
	go = 1;
	for (int i = 0; i < 10000 && !result; i++)
		nanosleep(&wait, NULL);
	return result;
}

static void *tries_always(void *arg)
{
	(void)arg;
	for (;;) {
		const struct timespec wait = { .tv_nsec = 1000000 };
		int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && go)
			result = WENT_ON;
		if (fd >= 0)
			close(fd);
		turns++;
		nanosleep(&wait, NULL);
	}
	return NULL;
}

/* In the relay such a thread runs no more, and the session goes on. */
static int rests_in_relay(void)
{
	const struct timespec wait = { .tv_nsec = 300000000 };
	pthread_t thread;

	if (!is_confined(0) || pthread_create(&thread, NULL, tries_always, NULL))
		return FAILED;
	while (turns < 3)
		sched_yield();
	if (sandbox_relay(0) < 0)
		return FAILED;
	go = 1;
	turns = 0;
	ppoll(NULL, 0, &wait, NULL);
	return result == WENT_ON || turns > 1 ? WENT_ON : CAUGHT;
}

/* The TCP ports that Landlock allows. */
static void tcp_ports(int abi)
{
	static const struct {
		enum route route;
		uint16_t port;
		int want;
		const char *name;
	} to[] = {
		{ NO_PARENTS, 443, WENT_ON,
		  "a TCP connection to the port that was asked for is allowed" },
		{ NO_PARENTS, 53, WENT_ON, "a TCP connection to the DNS port is allowed" },
		{ NO_PARENTS, 9, CAUGHT, "a TCP connection to another port is refused" },
		{ NO_PARENTS, 1080, CAUGHT,
		  "a TCP connection to the port of other sessions' parents is refused" },
		{ LOOKUP, 443, WENT_ON,
		  "before the route is known, the destination's port is allowed" },
		{ LOOKUP, 3128, WENT_ON,
		  "before the route is known, the ports of all parents are allowed" },
		{ LOOKUP, 53, WENT_ON, "before the route is known, the DNS port is allowed" },
		{ LOOKUP, 9, CAUGHT, "before the route is known, another port is refused" },
		{ BY_PARENT, 1080, WENT_ON, "with a parent, the parent's port is allowed" },
		{ BY_PARENT, 443, CAUGHT, "with a parent, the destination's port is refused" },
		{ BY_PARENT, 3128, CAUGHT, "with a parent, the port of another parent is refused" },
		{ BY_PARENT, 53, CAUGHT, "with a parent at an address, the DNS port is refused" },
		{ BY_UNIX_SOCKET, 443, CAUGHT,
		  "with a parent at a unix socket, the destination's port is refused" },
		{ BY_UNIX_SOCKET, 1080, CAUGHT,
		  "with a parent at a unix socket, the port of another parent is refused" },
	};

	if (abi < 4) {
		skip("Landlock ABI %d does not control ports", abi);
		return;
	}
	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		port = to[i].port;
		route = to[i].route;
		is_int(kit_child(connects), to[i].want, "%s", to[i].name);
	}
	is_int(kit_child(binds), CAUGHT, "only a port of the kernel's choice can be bound");
}

static void for_real(void)
{
	static const struct {
		int (*act)(void);
		int want;
		const char *name;
	} acts[] = {
		{ signals_parent, CAUGHT, "a signal to another process is refused" },
		{ goes_on_in_conversation, WENT_ON,
		  "the conversation: routes, threads and descriptors still work" },
		{ goes_on_in_datagrams, WENT_ON,
		  "datagrams: routes, threads and descriptors still work" },
		{ goes_on_in_layer, WENT_ON, "the relay with a layer: memory still works" },
		{ older_thread, CAUGHT, "a thread that is older than the filter is confined too" },
		{ rests_in_relay, CAUGHT, "in the relay another thread runs no more" },
	};
	int abi = landlock_abi();

	is_int(kit_child(lives), WENT_ON, "files, threads and libraries still work");
	if (filter_available()) {
		every_forbidden();
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
			is_int(kit_child(acts[i].act), acts[i].want, "%s", acts[i].name);
	} else {
		skip("this kernel has no seccomp");
	}
	if (strstr(kit_described(), "MDWE: yes"))
		is_int(kit_child(makes_code), CAUGHT, "memory that was written can't become code");
	else
		skip("this kernel has no MDWE");
	if (abi)
		is_int(kit_child(writes_file), CAUGHT, "no file can be opened for writing");
	else
		skip("this kernel has no Landlock");
	tcp_ports(abi);
}

/* ---- the cost ---- */

static double cpu_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

enum { RUNS = 301, STEPS = 4 };

static int cost(void)
{
	static const char *const name[STEPS] = { "conversation", "connect", "relay", "all" };
	static double us[STEPS][RUNS];
	const struct timespec pause = { .tv_nsec = 2000000 };

	for (int run = 0; run < RUNS; run++) {
		double *shared =
			mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (shared == MAP_FAILED)
			return 1;
		if (!fork()) {
			cpu_us();
			shared[0] = cpu_us();
			sandbox_converse(report, &expected);
			shared[1] = cpu_us();
			sandbox_connect(https, true);
			shared[2] = cpu_us();
			sandbox_relay(SANDBOX_WRITE);
			shared[3] = cpu_us();
			_exit(0);
		}
		wait(NULL);
		for (int i = 0; i < STEPS - 1; i++)
			us[i][run] = shared[i + 1] - shared[i];
		us[STEPS - 1][run] = shared[3] - shared[0];
		munmap(shared, 4096);
		nanosleep(&pause, NULL);
	}
	puts("CPU us in the process   least   median");
	for (int i = 0; i < STEPS; i++) {
		qsort(us[i], RUNS, sizeof(us[i][0]), by_value);
		printf("%-20s %8.1f %8.1f\n", name[i], us[i][0], us[i][RUNS / 2]);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "cost") == 0)
		return cost();
	if (is_valgrind())
		skip("valgrind makes system calls of its own");
	else
		for_real();
	return done_testing();
}

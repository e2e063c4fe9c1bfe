/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sandbox. The filters are caught on their way to the kernel and asked about every system call;
 * then children enter each phase for real and try what is forbidden.
 * `test_sandbox cost` prints instead what each phase costs.
 */
#include "end.h"
#include "sandbox/sandbox.h"
#include "sandbox/arch.h"
#include "sandbox/calls.h"
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>

enum { ALL_CALLS = 512, X32 = 0x40000000 };

/* ---- an interpreter of filters, in place of the kernel ---- */

static struct bpf_op caught[FILTER_OPS];
static bool catching;

/* Another kernel: its Landlock ABI, its answer to filters, and what the program asked of it. */
static struct {
	bool there;
	int abi, filter_errno;
	long in_the_way; /* the thread that can't get the filter */
	struct landlock_ruleset asked;
	unsigned domains, filters;
} other;

static int fail(int err)
{
	errno = err;
	return -1;
}

static uint64_t known_files(void)
{
	static const uint64_t known[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };

	return known[other.abi < 5 ? other.abi : 5];
}

static long create_ruleset(const struct landlock_ruleset *set, long flags)
{
	if (!other.abi)
		return fail(ENOSYS);
	if (flags)
		return other.abi;
	/* A kernel refuses a structure longer than it knows, unless the rest is zeros. */
	if ((other.abi < 4 && set->net) || (other.abi < 6 && set->scoped))
		return fail(E2BIG);
	if (set->fs & ~known_files())
		return fail(EINVAL);
	other.asked.fs |= set->fs;
	other.asked.net |= set->net;
	other.asked.scoped |= set->scoped;
	return dup(STDOUT_FILENO);
}

static long other_kernel(long nr, const long *a)
{
	if (nr == NR_LANDLOCK_CREATE)
		return create_ruleset((const struct landlock_ruleset *)a[0], a[2]);
	if (nr == NR_LANDLOCK_ADD)
		return 0;
	if (nr == NR_LANDLOCK_RESTRICT)
		return other.domains++, 0;
	if (nr == SYS_prctl)
		return 0;
	if (other.filter_errno)
		return fail(other.filter_errno);
	if (a[0] == FILTER_SET && other.in_the_way)
		return other.in_the_way;
	return other.filters++, 0;
}

static long on_syscall(long nr, const long a[6])
{
	if (other.there)
		return other_kernel(nr, a);
	if (catching && nr == SYS_seccomp && a[0] == FILTER_SET) {
		const struct bpf_program *p = (const struct bpf_program *)a[2];

		memcpy(caught, p->op, p->len * sizeof(caught[0]));
		return 0;
	}
	return kit_syscall(nr, a);
}

struct call {
	uint32_t nr, arch, ip[2], args[12];
};

static uint32_t judge(const struct call *c)
{
	uint32_t a = 0;

	for (const struct bpf_op *op = caught;; op++) {
		switch (op->code) {
		case BPF_LOAD:
			memcpy(&a, (const char *)c + op->k, sizeof(a));
			break;
		case BPF_JUMP_EQUAL:
			op += a == op->k ? op->jt : op->jf;
			break;
		case BPF_JUMP_GREATER:
			op += a > op->k ? op->jt : op->jf;
			break;
		case BPF_JUMP_ANY_BIT:
			op += a & op->k ? op->jt : op->jf;
			break;
		case BPF_AND:
			a &= op->k;
			break;
		case BPF_OR:
			a |= op->k;
			break;
		case BPF_RETURN:
			return op->k;
		default:
			printf("# op %#x\n", op->code);
			return 0;
		}
	}
}

/* Returns the filter's verdict on a call with these arguments. */
static uint32_t verdict(uint32_t nr, uint32_t a0, uint32_t a1, uint32_t a2)
{
	struct call c = { .nr = nr, .arch = THIS_ARCH, .args = { a0, 0, a1, 0, a2, 0 } };

	return judge(&c);
}

static bool allows(uint32_t nr, uint32_t a0, uint32_t a1, uint32_t a2)
{
	return verdict(nr, a0, a1, a2) == VERDICT_ALLOW;
}

static bool contains(const uint32_t *list, size_t n, uint32_t nr)
{
	while (n--)
		if (list[n] == nr)
			return true;
	return false;
}

/* ---- the filters ---- */

static void strangers(void)
{
	struct call c = { .nr = SYS_read, .arch = THIS_ARCH ^ 1 };

	is_int(judge(&c), VERDICT_KILL, "a call of another architecture kills the process");
	ok(verdict(X32 | SYS_read, 0, 0, 0) != VERDICT_ALLOW, "x32 numbers are not allowed");
	is_int(verdict(UINT32_MAX, 0, 0, 0), VERDICT_ALLOW,
	       "number -1, a call that a tracer skipped, is allowed");
}

/* A call with these arguments, and whether the filter allows it. */
struct asked {
	bool allowed;
	uint32_t nr, args[3];
	const char *name;
};

/* clang-format off */
#define ALLOWED(nr, name, ...) { true, nr, { __VA_ARGS__ }, "allowed: " name }
#define FORBIDDEN(nr, name, ...) { false, nr, { __VA_ARGS__ }, "forbidden: " name }
/* clang-format on */

static void answers_to(const struct asked *list, size_t n)
{
	for (const struct asked *c = list; c < list + n; c++)
		is_int(allows(c->nr, c->args[0], c->args[1], c->args[2]), c->allowed, "%s",
		       c->name);
}

#define ANSWERS_TO(list) answers_to((list), sizeof(list) / sizeof((list)[0]))

static void calls_out(void)
{
	/* clang-format off */
	static const uint32_t never[] = {
		SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
		SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
		SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_personality, SYS_init_module,
		SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load,
		SYS_reboot, SYS_swapon, SYS_open_by_handle_at, SYS_acct,
		428, 429, 430, 432, 438, 442,
	};
	static const uint32_t fails[] = {
		SYS_kill, SYS_tkill, SYS_keyctl, SYS_add_key, SYS_request_key, 425, 426, 427, 435,
		447, 463, 500, SYS_prlimit64, SYS_tgkill, SYS_setpriority, SYS_ioprio_set,
		SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr,
		SYS_sched_setaffinity,
		SYS_fchmod, SYS_fchmodat, 452, SYS_fchown, SYS_fchownat, SYS_utimensat,
		SYS_setxattr, SYS_fremovexattr, SYS_truncate, SYS_ftruncate, SYS_fallocate, 424,
		434, 437, SYS_memfd_create, SYS_shmget, SYS_msgget, SYS_semget, SYS_mq_open,
		SYS_mkdirat, SYS_unlinkat, SYS_renameat2, SYS_linkat, SYS_symlinkat, SYS_mknodat,
	};
	/* clang-format on */
	unsigned n = 0;

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		is_int(verdict(never[i], 0, 0, 0), VERDICT_TRAP, "call %u ends the session",
		       never[i]);
	for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++)
		is_int(verdict(fails[i], 1, 0, 0) & 0x7fff0000, VERDICT_ERRNO, "call %u fails",
		       fails[i]);
	for (uint32_t nr = 0; nr < ALL_CALLS; nr++)
		n += !allows(nr, nr == SYS_socket ? AF_UNIX : CLONE_THREAD, 0, 0);
	ok(n > 60, "%u of the first %d calls are not allowed", n, ALL_CALLS);
}

static void sockets(void)
{
	static const struct asked list[] = {
		ALLOWED(SYS_socket, "a unix socket", AF_UNIX, SOCK_DGRAM),
		ALLOWED(SYS_socket, "a TCP socket", AF_INET6, SOCK_STREAM, IPPROTO_TCP),
		ALLOWED(SYS_socket, "a UDP socket", AF_INET, SOCK_DGRAM, IPPROTO_UDP),
		ALLOWED(SYS_socket, "a UDP socket with flags", AF_INET,
			SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC),
		FORBIDDEN(SYS_socket, "an MPTCP socket, which Landlock does not see", AF_INET,
			  SOCK_STREAM, 262),
		FORBIDDEN(SYS_socket, "a socket of the kernel's crypto interface", 38,
			  SOCK_SEQPACKET),
		FORBIDDEN(SYS_socket, "a packet socket", AF_PACKET, SOCK_RAW),
		FORBIDDEN(SYS_socket, "a vsock socket", 40, SOCK_STREAM),
		FORBIDDEN(SYS_socketpair, "a pair of sockets of a rare family", AF_TIPC,
			  SOCK_STREAM),
		ALLOWED(SYS_socketpair, "a pair of unix sockets", AF_UNIX, SOCK_STREAM),
	};
	unsigned raw = 0, about = 0;

	ANSWERS_TO(list);
	for (uint32_t type = 0; type < 16; type++)
		for (uint32_t protocol = 0; protocol < 300; protocol++) {
			bool plain = (protocol == 0 || (protocol > 1 && protocol <= IPPROTO_UDP)) &&
				     type <= SOCK_DGRAM;

			raw += allows(SYS_socket, AF_INET, type, protocol) != plain ||
			       allows(SYS_socket, AF_INET6, type, protocol) != plain;
			about += allows(SYS_socket, AF_NETLINK, type, protocol) != (protocol == 0);
		}
	is_int(raw, 0, "internet sockets: TCP and UDP only");
	is_int(about, 0, "netlink sockets: about routes only, of any type");
}

static void processes(void)
{
	const uint32_t me = (uint32_t)getpid();
	const struct asked list[] = {
		ALLOWED(SYS_clone, "a new thread", CLONE_VM | CLONE_THREAD),
		FORBIDDEN(SYS_clone, "a new process", SIGCHLD),
		FORBIDDEN(SYS_clone, "a new namespace", CLONE_THREAD | CLONE_NEWUSER),
		ALLOWED(SYS_tgkill, "a signal to itself", me, me, SIGABRT),
		ALLOWED(SYS_prlimit64, "its own limits", me),
		ALLOWED(SYS_prlimit64, "its own limits, with process id 0", 0),
		FORBIDDEN(SYS_prlimit64, "the limits of another process", me + 1),
	};

	ANSWERS_TO(list);
}

static void descriptors(void)
{
	/* clang-format off */
	static const uint32_t commands[] = { 0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, F_DUPFD_CLOEXEC,
					     1031, 1032, 1033, 1034 };
	/* clang-format on */
	static const struct asked list[] = {
		ALLOWED(SYS_openat, "a file opened for reading", UINT32_MAX, 0,
			O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW | O_PATH),
		FORBIDDEN(SYS_openat, "a file opened for reading and truncated", UINT32_MAX, 0,
			  O_RDONLY | O_TRUNC),
		ALLOWED(SYS_fcntl, "a descriptor made non-blocking", 0, F_SETFL, O_NONBLOCK),
		FORBIDDEN(SYS_fcntl, "a descriptor that sends signals", 0, F_SETFL,
			  O_NONBLOCK | O_ASYNC),
		ALLOWED(SYS_ioctl, "ioctl FIONREAD", 0, 0x541b),
		ALLOWED(SYS_ioctl, "ioctl TCGETS", 0, 0x5401),
		FORBIDDEN(SYS_ioctl, "another ioctl of sockets", 0, 0x5452),
		FORBIDDEN(SYS_ioctl, "an ioctl of files", 0, 0x40086602),
		ALLOWED(SYS_sendmsg, "a message", 0, 0, MSG_NOSIGNAL | MSG_DONTWAIT),
		FORBIDDEN(SYS_sendmsg, "a message that connects (MSG_FASTOPEN)", 0, 0,
			  MSG_NOSIGNAL | 0x20000000),
	};
	unsigned wrong = 0;

	ANSWERS_TO(list);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		wrong += !allows(SYS_fcntl, 0, commands[i], 0);
	is_int(wrong, 0, "fcntl: copies, flags, locks, pipe sizes and seals are allowed");
	for (uint32_t cmd = 0; cmd < 1100; cmd++)
		if ((cmd > 7 && cmd < 32) || (cmd > 1023 && cmd < 1027) || cmd > 1034)
			wrong += allows(SYS_fcntl, 0, cmd, 0);
	is_int(wrong, 0, "fcntl: owners, signals, leases, notifications and hints are forbidden");
}

static void converse_filter(void)
{
	catching = true;
	is_int(calls_converse(&(struct filter){ 0 }), 0,
	       "the filter of the conversation is installed");
	strangers();
	calls_out();
	sockets();
	processes();
	descriptors();
}

/* The calls that the relay may make, each with arguments that are allowed. */
static const struct permitted {
	uint32_t nr;
	unsigned needs; /* allowed if any of these is needed; 0: always */
	uint32_t args[3];
} permitted[] = {
	{ SYS_ppoll, 0, { 0 } },
	{ SYS_recvfrom, 0, { 0 } },
	{ SYS_sendmsg, 0, { 0 } },
	{ SYS_clock_gettime, 0, { 0 } },
	{ SYS_shutdown, 0, { 0 } },
	{ SYS_close, 0, { 0 } },
	{ SYS_rt_sigreturn, 0, { 0 } },
	{ SYS_exit_group, 0, { 0 } },
	{ SYS_madvise, 0, { 0, 0, MADV_DONTNEED } },
	{ SYS_ioctl, 0, { 0, 0x5411 } },
	{ SYS_setsockopt, 0, { 0, SOL_SOCKET, SO_LINGER } },
	{ SYS_pipe2, SANDBOX_SPLICE, { 0 } },
	{ SYS_splice, SANDBOX_SPLICE, { 0 } },
	{ SYS_fcntl, SANDBOX_SPLICE, { 0, F_SETPIPE_SZ } },
	{ SYS_write, SANDBOX_PIPES | SANDBOX_WRITE, { 0 } },
	{ SYS_read, SANDBOX_PIPES, { 0 } },
	{ SYS_socket, SANDBOX_JOURNAL, { AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC } },
};
enum { N_PERMITTED = sizeof(permitted) / sizeof(permitted[0]) };

static void relay_filter(unsigned needs)
{
	static const struct asked refused[] = {
		FORBIDDEN(SYS_ioctl, "another ioctl", 0, 0x5412), /* TIOCSTI */
		FORBIDDEN(SYS_fcntl, "another fcntl command", 0, F_SETOWN),
		FORBIDDEN(SYS_madvise, "other madvise advice", 0, 0, MADV_DONTFORK),
		FORBIDDEN(SYS_setsockopt, "another socket option", 0, SOL_SOCKET, SO_ATTACH_FILTER),
		FORBIDDEN(SYS_setsockopt, "the option on another level", 0, IPPROTO_IP, SO_LINGER),
		FORBIDDEN(SYS_socket, "an internet socket", AF_INET, SOCK_DGRAM | SOCK_CLOEXEC),
		FORBIDDEN(SYS_socket, "a unix stream socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC),
		FORBIDDEN(SYS_memfd_create, "a file in memory", 0),
		FORBIDDEN(SYS_prctl, "a new name for the process", PR_SET_NAME),
	};
	uint32_t list[N_PERMITTED];
	size_t n = 0;
	unsigned others = 0;

	catching = true;
	is_int(calls_relay(&(struct filter){ 0 }, needs), 0,
	       "the filter of the relay is installed, needs %u", needs);
	strangers();
	for (size_t i = 0; i < N_PERMITTED; i++) {
		const struct permitted *p = &permitted[i];

		if (p->needs && !(p->needs & needs))
			continue;
		list[n++] = p->nr;
		ok(allows(p->nr, p->args[0], p->args[1], p->args[2]), "call %u is allowed", p->nr);
	}
	ok(n <= 15, "%zu calls are allowed", n);
	for (uint32_t nr = 0; nr < ALL_CALLS; nr++)
		others += !contains(list, n, nr) && allows(nr, 0, 0, 0);
	is_int(others, 0, "no other call is allowed");
	is_int(verdict(SYS_openat, 0, 0, 0), VERDICT_TRAP, "another call ends the session");
	ANSWERS_TO(refused);
	if (needs & SANDBOX_JOURNAL) {
		is_int(verdict(SYS_memfd_create, 0, 0, 0), VERDICT_ERRNO | EPERM,
		       "with the journal: memfd_create fails, as libsystemd can bear");
		is_int(verdict(SYS_prctl, PR_GET_NAME, 0, 0), VERDICT_ERRNO,
		       "with the journal: the process's name can't be asked for");
		is_int(verdict(SYS_prctl, PR_SET_NAME, 0, 0), VERDICT_TRAP,
		       "with the journal: setting the process's name ends the session");
	}
}

/* ---- how filters are written ---- */

static uint32_t next_random(void)
{
	static uint32_t seed = 1;

	seed = seed * 1664525 + 1013904223;
	return seed >> 16;
}

/* Filters of any shape decide as their tables say. */
static void any_filter(void)
{
	static const struct filter_if asks[] = {
		{ 0, IS, 5, AND },
		{ 1, HAS_ANY_BIT, 6, FAIL_PERM },
		{ 1, KEEP_BITS, 0xf0, ALLOW },
		{ 1, ABOVE, 0x70, FAIL_NOSYS },
		{ 0, IS_NOT, 9, AND },
		{ 0, ABOVE, 20, ALLOW },
	};
	enum { ROUNDS = 300, LAST = FILTER_NUMBERS - 1 };
	static const uint32_t action[] = {
		[ALLOW] = VERDICT_ALLOW,
		[FORBID] = VERDICT_TRAP,
		[FAIL_PERM] = VERDICT_ERRNO | EPERM,
		[FAIL_ACCESS] = VERDICT_ERRNO | EACCES,
	};
	unsigned wrong = 0, asked = 0;
	struct filter f;

	catching = true;
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint8_t want[FILTER_NUMBERS];
		uint32_t above = 300 + next_random() % (LAST - 300), special = next_random() % 300;

		memset(want, round % 2, sizeof(want));
		filter_begin(&f, round % 2);
		for (unsigned i = next_random() % 40; i; i--) {
			uint32_t nr = next_random() % 300, n = 1 + next_random() % 4;
			uint8_t v = (uint8_t)(next_random() % 4);

			for (; n; n--, nr++) {
				filter_calls(&f, &nr, 1, v);
				want[nr] = v;
			}
		}
		filter_above(&f, above, FAIL_PERM);
		memset(want + above + 1, FAIL_PERM, LAST - above);
		filter_call(&f, special, asks, sizeof(asks) / sizeof(asks[0]), FORBID);
		if (filter_install(&f) < 0)
			wrong += 1000;
		for (uint32_t nr = 0; nr <= LAST; nr++)
			wrong += nr != special && verdict(nr, 0, 0, 0) != action[want[nr]];
		wrong += verdict(600, 0, 0, 0) != action[FAIL_PERM];
		wrong += verdict(UINT32_MAX, 0, 0, 0) != VERDICT_ALLOW;
		asked += verdict(special, 5, 2, 0) == action[FAIL_PERM];
		asked += verdict(special, 5, 0x80, 0) == (VERDICT_ERRNO | ENOSYS);
		asked += verdict(special, 21, 0x7f, 0) == VERDICT_ALLOW;
		asked += verdict(special, 9, 6, 0) == VERDICT_TRAP;
		asked += verdict(special, 19, 0, 0) == VERDICT_TRAP;
	}
	is_int(wrong, 0, "%d random filters decide by number as their tables say", ROUNDS);
	is_int(asked, 5 * ROUNDS, "they decide by arguments as their tables say");
}

/* A filter that does not fit is an error, and never installed without its end. */
static void overfull(void)
{
	static const struct filter_if plenty[FILTER_OPS];
	static const uint32_t far = FILTER_NUMBERS;
	struct filter f;

	catching = true;
	memset(caught, 0, sizeof(caught));
	filter_begin(&f, ALLOW);
	for (uint32_t nr = 0; nr < 300; nr += 2)
		filter_calls(&f, &nr, 1, FORBID);
	is_int(filter_install(&f), -ENOBUFS, "refused: too many numbers that stand alone");
	filter_begin(&f, ALLOW);
	filter_call(&f, 1, plenty, FILTER_OPS / 2, FORBID);
	filter_call(&f, 2, plenty + 1, FILTER_OPS / 2, FORBID);
	is_int(filter_install(&f), -ENOBUFS, "refused: too many conditions");
	filter_begin(&f, ALLOW);
	for (uint32_t nr = 0; nr <= FILTER_ASKS; nr++)
		filter_call(&f, nr, plenty + nr, 1, FORBID);
	is_int(filter_install(&f), -ENOBUFS, "refused: too many calls with conditions");
	filter_begin(&f, ALLOW);
	filter_calls(&f, &far, 1, FORBID);
	is_int(filter_install(&f), -ENOBUFS, "refused: a number that is too large");
	is_int(caught[0].code, 0, "none of them reached the kernel");
	filter_begin(&f, ALLOW);
	is_int(filter_install(&f), 0, "an empty filter is installed");
}

static void datagrams_filter(void)
{
	static const uint32_t never[] = { SYS_execve,	SYS_listen, SYS_accept4,      SYS_kill,
					  SYS_unlinkat, SYS_setuid, SYS_memfd_create, SYS_prctl };
	unsigned n = 0;

	catching = true;
	is_int(calls_datagrams(&(struct filter){ 0 }), 0, "the filter of datagrams is installed");
	strangers();
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		ok(!allows(never[i], 0, 0, 0), "call %u is not allowed", never[i]);
	for (uint32_t nr = 0; nr < ALL_CALLS; nr++)
		n += allows(nr, 0, 0, 0);
	ok(n < 100, "%u calls are allowed", n);
}

/* ---- children in a real sandbox ---- */

enum { CAUGHT = 100, WENT_ON = 101, FAILED = 102 };

/* For is_confined(): enters the relay, even if it needs nothing more. */
enum { IN_RELAY = 0x80 };

static void report(void *ctx, int nr)
{
	_exit(nr == *(const int *)ctx ? CAUGHT : FAILED);
}

static int expected;

static bool is_confined(unsigned needs)
{
	return sandbox_converse(report, &expected) == 0 && sandbox_connect(443, true) == 0 &&
	       (!needs || sandbox_relay(needs & ~(unsigned)IN_RELAY) == 0);
}

/* Acts in a child. Returns as kit_wait() does. */
static int child(int (*act)(void))
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(act());
	return kit_wait(pid);
}

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
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		forbidden = &list[i];
		is_int(child(calls_forbidden), CAUGHT, "%s", list[i].name);
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

static int connects(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!is_confined(0))
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

static const char *described(void)
{
	static char buf[128];
	struct text t = TEXT_OF(buf);

	sandbox_describe(&t);
	return buf;
}

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

/* ---- the last line ---- */

/*
 * The line that the handler of SIGSYS logs. It must load neither a library nor a time zone. A
 * socket of the test stands in for syslog.
 */
static struct {
	bool *loaded; /* set if anything is loaded; NULL: this test is not running */
	int syslog;
	enum log_sink sink;
	bool prefixed;
} last;

bool __real_libsystemd_load(void);
bool __wrap_libsystemd_load(void);
void __real_tzset(void);
void __wrap_tzset(void);
struct tm *__real_localtime_r(const time_t *t, struct tm *tm);
struct tm *__wrap_localtime_r(const time_t *t, struct tm *tm);
int __real_connect(int fd, const struct sockaddr *to, socklen_t len);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t len);
ssize_t __real_sendmsg(int fd, const struct msghdr *m, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *m, int flags);

static void note_load(void)
{
	if (last.loaded)
		*last.loaded = true;
}

bool __wrap_libsystemd_load(void)
{
	note_load();
	return __real_libsystemd_load();
}

void __wrap_tzset(void)
{
	note_load();
	__real_tzset();
}

struct tm *__wrap_localtime_r(const time_t *t, struct tm *tm)
{
	note_load();
	return __real_localtime_r(t, tm);
}

/* Connects to any unix socket succeed: there seems to be a journal. */
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	return last.loaded && to->sa_family == AF_UNIX ? 0 : __real_connect(fd, to, len);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *m, int flags)
{
	struct msghdr copy = *m;

	if (!last.loaded || !m->msg_name)
		return __real_sendmsg(fd, m, flags);
	copy.msg_name = NULL;
	copy.msg_namelen = 0;
	return __real_sendmsg(last.syslog, &copy, flags);
}

static int ends_with_a_line(void)
{
	char *const argv[] = { NULL };
	struct log log = { .sink = last.sink,
			   .level = LOG_INFO,
			   .prefixed = last.prefixed,
			   .fd2_is_socket = true,
			   .fd = -1,
			   .pid = getpid() };
	struct session s = { .log = &log, .rec = { .client = &s.client, .reply = -1 } };

	if (dup2(last.syslog, STDERR_FILENO) < 0 || sandbox_converse(end_forbidden, &s) < 0)
		return FAILED;
	execve("/bin/true", argv, argv);
	return WENT_ON;
}

static void last_line(enum log_sink sink, bool prefixed, const char *begins, const char *name)
{
	int pair[2];
	char line[LOG_LINE_MAX + 1] = "", word[48];

	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return;
	last.loaded = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	last.syslog = pair[1];
	last.sink = sink;
	last.prefixed = prefixed;
	is_int(child(ends_with_a_line), EX_OSERR, "%s: a forbidden call ends the process", name);
	if (recv(pair[0], line, sizeof(line) - 1, MSG_DONTWAIT) < 0)
		line[0] = '\0';
	snprintf(word, sizeof(word), "forbidden system call %d", SYS_execve);
	if (!ok(strncmp(line, begins, strlen(begins)) == 0 && strstr(line, word),
		"%s: a line is logged", name))
		printf("#   %s\n", line);
	ok(!*last.loaded, "%s: nothing is loaded for the line", name);
	munmap(last.loaded, 4096);
	last.loaded = NULL;
	close(pair[0]);
	close(pair[1]);
}

static void last_lines(void)
{
	last_line(LOG_SINK_JOURNAL, true, "<3>client=", "the journal on descriptor 2");
	last_line(LOG_SINK_JOURNAL, false, "<27>picosocks5[", "the journal");
	last_line(LOG_SINK_SYSLOG, false, "<27>picosocks5[", "syslog");
	last_line(LOG_SINK_STDERR, true, "<3>client=", "descriptor 2");
}

/* The TCP ports that Landlock allows. */
static void tcp_ports(int abi)
{
	static const struct {
		uint16_t port;
		int want;
		const char *name;
	} to[] = {
		{ 443, WENT_ON, "a TCP connection to the port that was asked for is allowed" },
		{ 53, WENT_ON, "a TCP connection to the DNS port is allowed" },
		{ 9, CAUGHT, "a TCP connection to another port is refused" },
	};

	if (abi < 4) {
		skip("Landlock ABI %d does not control ports", abi);
		return;
	}
	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		port = to[i].port;
		is_int(child(connects), to[i].want, "%s", to[i].name);
	}
	is_int(child(binds), CAUGHT, "only a port of the kernel's choice can be bound");
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
		{ older_thread, CAUGHT, "a thread that is older than the filter is confined too" },
		{ rests_in_relay, CAUGHT, "in the relay another thread runs no more" },
	};
	int abi = landlock_abi();

	catching = false;
	is_int(child(lives), WENT_ON, "files, threads and libraries still work");
	if (filter_available()) {
		every_forbidden();
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
			is_int(child(acts[i].act), acts[i].want, "%s", acts[i].name);
		last_lines();
	} else {
		skip("this kernel has no seccomp");
	}
	if (strstr(described(), "MDWE: yes"))
		is_int(child(makes_code), CAUGHT, "memory that was written can't become code");
	else
		skip("this kernel has no MDWE");
	if (abi)
		is_int(child(writes_file), CAUGHT, "no file can be opened for writing");
	else
		skip("this kernel has no Landlock");
	tcp_ports(abi);
}

/* ---- kernels that have less, or more ---- */

static int all_phases(void)
{
	int err = sandbox_converse(report, &expected);

	if (!err)
		err = sandbox_connect(443, true);
	return err ? err : sandbox_relay(SANDBOX_WRITE);
}

/* Runs in a child, because its limits can't be raised again. */
static int other_kernels(void)
{
	static const struct {
		int abi;
		const char *has;
	} kernel[] = {
		{ 0, "Landlock: not in this kernel" },
		{ 1, "Landlock: ABI 1 (files)" },
		{ 2, "Landlock: ABI 2 (files)" },
		{ 3, "Landlock: ABI 3 (files)" },
		{ 4, "Landlock: ABI 4 (files, TCP ports)" },
		{ 5, "Landlock: ABI 5 (files, TCP ports)" },
		{ 6, "Landlock: ABI 6 (files, TCP ports, signals, abstract sockets)" },
		{ 99, "Landlock: ABI 99 (files, TCP ports, signals, abstract sockets)" },
	};

	for (size_t i = 0; i < sizeof(kernel) / sizeof(kernel[0]); i++) {
		memset(&other, 0, sizeof(other));
		other.there = true;
		other.abi = kernel[i].abi;
		if (all_phases() != 0 || other.filters != 2)
			return 1;
		if (other.domains != (other.abi < 4 ? other.abi ? 2U : 0 : 3U))
			return 2;
		if (other.asked.fs != known_files() ||
		    other.asked.net != (other.abi < 4 ? 0 : 3U) ||
		    other.asked.scoped != (other.abi < 6 ? 0 : 3U))
			return 3;
		if (!strstr(described(), "filters: yes;") || !strstr(described(), kernel[i].has))
			return 4;
	}
	return WENT_ON;
}

static int without_filters(void)
{
	static const int none[] = { ENOSYS, EINVAL, EPERM };

	memset(&other, 0, sizeof(other));
	other.there = true;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		other.filter_errno = none[i];
		if (all_phases() != 0 || sandbox_datagrams() != 0)
			return 1;
	}
	if (!strstr(described(), "filters: not in this kernel; Landlock: not in this kernel"))
		return 2;
	other.filter_errno = ENOMEM;
	if (all_phases() != -ENOMEM || sandbox_datagrams() != -ENOMEM)
		return 3;
	/* The error of a filter that does not fit. */
	other.filter_errno = ENOBUFS;
	if (all_phases() != -ENOBUFS || sandbox_datagrams() != -ENOBUFS)
		return 4;
	other.filter_errno = 0;
	other.in_the_way = 1234;
	return all_phases() == -EBUSY && sandbox_datagrams() == -EBUSY ? WENT_ON : 5;
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
			sandbox_connect(443, true);
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
	any_filter();
	overfull();
	converse_filter();
	/* Splicing means TCP on both ends, so there are no pipes; and there is only one log. */
	for (unsigned needs = 0; needs < 16; needs++)
		if (!(needs & SANDBOX_PIPES && needs & SANDBOX_SPLICE) &&
		    !(needs & SANDBOX_WRITE && needs & SANDBOX_JOURNAL))
			relay_filter(needs);
	datagrams_filter();
	is_int(child(other_kernels), WENT_ON,
	       "each Landlock is asked for all that it knows, and for no more");
	is_int(child(without_filters), WENT_ON,
	       "a kernel without filters is accepted, an error is not");
	if (is_valgrind())
		skip("valgrind makes system calls of its own");
	else
		for_real();
	return done_testing();
}

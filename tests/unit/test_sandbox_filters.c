/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filters of the sandbox. They are caught on their way to the kernel, and an interpreter asks
 * each of them about every system call. No filter reaches the kernel.
 */
#include "sandbox/arch.h"
#include "sandbox/calls.h"
#include "sandbox/sandbox.h"
#include "syscall_kit.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ALL_CALLS = 512, X32 = 0x40000000 };

/* ---- an interpreter of filters, in place of the kernel ---- */

static struct bpf_op caught[FILTER_OPS];

static long on_syscall(long nr, const long a[6])
{
	if (nr == SYS_seccomp && a[0] == FILTER_SET) {
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

static uint32_t fourth; /* the fourth argument of all calls that the filter is asked about */

/* Returns the filter's verdict on a call with these arguments. */
static uint32_t verdict(uint32_t nr, uint32_t a0, uint32_t a1, uint32_t a2)
{
	struct call c = { .nr = nr, .arch = THIS_ARCH, .args = { a0, 0, a1, 0, a2, 0, fourth } };

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
	{ SYS_brk, SANDBOX_LAYER, { 0 } },
	{ SYS_mmap, SANDBOX_LAYER, { 0, 0, PROT_READ | PROT_WRITE } },
	{ SYS_mprotect, SANDBOX_LAYER, { 0, 0, PROT_READ | PROT_WRITE } },
	{ SYS_munmap, SANDBOX_LAYER, { 0 } },
	{ SYS_mremap, SANDBOX_LAYER, { 0 } },
	{ SYS_getrandom, SANDBOX_LAYER, { 0 } },
	{ SYS_futex, SANDBOX_LAYER, { 0 } },
	{ SYS_getpid, SANDBOX_LAYER, { 0 } },
	{ SYS_gettimeofday, SANDBOX_LAYER, { 0 } },
};
enum { N_PERMITTED = sizeof(permitted) / sizeof(permitted[0]) };

/* With a layer: memory, and nothing that it could be turned into. */
static void relay_memory(void)
{
	static const struct asked list[] = {
		FORBIDDEN(SYS_mmap, "memory that is code", 0, 4096, PROT_READ | PROT_EXEC),
		FORBIDDEN(SYS_mprotect, "memory that becomes code", 0, 4096, PROT_EXEC),
		ALLOWED(SYS_madvise, "memory given back later", 0, 0, MADV_FREE),
	};

	ANSWERS_TO(list);
	fourth = MAP_PRIVATE;
	ok(!allows(SYS_mmap, 0, 4096, PROT_READ), "forbidden: a file in memory");
	fourth = MAP_PRIVATE | MAP_ANONYMOUS;
}

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
	const size_t most = needs & SANDBOX_LAYER ? 23 : 15;
	uint32_t list[N_PERMITTED];
	size_t n = 0;
	unsigned others = 0;

	is_int(calls_relay(&(struct filter){ 0 }, needs, &(struct calls_bytes){ 0 }), 0,
	       "the filter of the relay is installed, needs %u", needs);
	fourth = MAP_PRIVATE | MAP_ANONYMOUS;
	strangers();
	for (size_t i = 0; i < N_PERMITTED; i++) {
		const struct permitted *p = &permitted[i];

		if (p->needs && !(p->needs & needs))
			continue;
		list[n++] = p->nr;
		ok(allows(p->nr, p->args[0], p->args[1], p->args[2]), "call %u is allowed", p->nr);
	}
	ok(n <= most, "%zu calls are allowed", n);
	for (uint32_t nr = 0; nr < ALL_CALLS; nr++)
		others += !contains(list, n, nr) && allows(nr, 0, 0, 0);
	is_int(others, 0, "no other call is allowed");
	is_int(verdict(SYS_openat, 0, 0, 0), VERDICT_TRAP, "another call ends the session");
	ANSWERS_TO(refused);
	if (needs & SANDBOX_LAYER)
		relay_memory();
	else
		ok(!allows(SYS_madvise, 0, 0, MADV_FREE), "forbidden: memory given back later");
	fourth = 0;
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

/* A session under a limit may write the marks that are its own, and nothing else. */
static void kept_bytes(bool datagrams)
{
	static const uint32_t at[] = { 4096, 9999, 123456 };
	static const struct asked refused[] = {
		FORBIDDEN(SYS_pwrite64, "another descriptor", 8, 0, 1),
		FORBIDDEN(SYS_pwrite64, "more than a byte", 7, 0, 2),
		FORBIDDEN(SYS_pwrite64, "no byte", 7, 0, 0),
	};
	struct calls_bytes bytes;
	int err;

	calls_keep_bytes(&bytes, 7, at, 3);
	err = datagrams ? calls_datagrams(&(struct filter){ 0 }, &bytes) :
			  calls_relay(&(struct filter){ 0 }, SANDBOX_SPLICE, &bytes);
	is_int(err, 0, "the filter with single bytes is installed");
	for (size_t i = 0; i < 3; i++) {
		fourth = at[i];
		ok(allows(SYS_pwrite64, 7, 0, 1), "allowed: the byte at %u", at[i]);
		fourth = at[i] + 1;
		ok(!allows(SYS_pwrite64, 7, 0, 1), "forbidden: the byte behind it");
	}
	fourth = 0;
	ok(!allows(SYS_pwrite64, 7, 0, 1), "forbidden: the first byte of the file");
	fourth = at[0];
	ANSWERS_TO(refused);
	ok(!allows(SYS_fcntl, 7, F_OFD_SETLK, 0) || datagrams, "forbidden: other locks");
	calls_keep_bytes(&bytes, 7, at, 0);
	is_int(bytes.n, 0, "no mark, no byte");
}

static void datagrams_filter(void)
{
	static const uint32_t never[] = { SYS_execve,	SYS_listen, SYS_accept4,      SYS_kill,
					  SYS_unlinkat, SYS_setuid, SYS_memfd_create, SYS_prctl };
	unsigned n = 0;

	is_int(calls_datagrams(&(struct filter){ 0 }, &(struct calls_bytes){ 0 }), 0,
	       "the filter of datagrams is installed");
	strangers();
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		ok(!allows(never[i], 0, 0, 0), "call %u is not allowed", never[i]);
	for (uint32_t nr = 0; nr < ALL_CALLS; nr++)
		n += allows(nr, 0, 0, 0);
	ok(n < 100, "%u calls are allowed", n);
}

int main(void)
{
	any_filter();
	overfull();
	converse_filter();
	/* Splicing means plain TCP on both ends; and there is only one log. */
	for (unsigned needs = 0; needs < 32; needs++)
		if (!(needs & (SANDBOX_PIPES | SANDBOX_LAYER) && needs & SANDBOX_SPLICE) &&
		    !(needs & SANDBOX_WRITE && needs & SANDBOX_JOURNAL))
			relay_filter(needs);
	datagrams_filter();
	kept_bytes(false);
	kept_bytes(true);
	return done_testing();
}

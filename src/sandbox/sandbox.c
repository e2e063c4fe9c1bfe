/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applies each phase, in this order: limits, then files and ports, then system calls. */
#include "sandbox/sandbox.h"
#include "sandbox/calls.h"
#include "sandbox/kernel.h"
#include "sandbox/landlock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

enum { DESCRIPTORS = 256, PORT_DNS = 53 };

static struct {
	sandbox_report *report;
	void *ctx;
	pthread_t main; /* the only thread that the relay needs */
	bool relays;
} witness;

static struct calls_bytes kept;

/*
 * Puts a thread to sleep for ever. A library (an NSS module, for example) may have made one, which
 * may still be at work when the relay begins. Its work is not needed any more, but its next call
 * must not end the client's session.
 */
static void rest(void)
{
	sigset_t all;

	sigfillset(&all);
	for (;;)
		ppoll(NULL, 0, NULL, &all);
}

static void on_forbidden(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	if (witness.relays && !pthread_equal(pthread_self(), witness.main))
		rest();
	witness.report(witness.ctx, info->si_syscall);
	_exit(EX_OSERR);
}

static int catch_forbidden(sandbox_report *report, void *ctx)
{
	struct sigaction sa = { .sa_sigaction = on_forbidden, .sa_flags = SA_SIGINFO };

	witness.report = report;
	witness.ctx = ctx;
	return sigaction(SIGSYS, &sa, NULL) < 0 ? -errno : 0;
}

/* Lowers both limits, soft and hard, to this one, unless they are lower already. */
static void lower(struct rlimit *l, rlim_t most)
{
	if (l->rlim_cur > most)
		l->rlim_cur = most;
	if (l->rlim_max > most)
		l->rlim_max = most;
}

static void limit(void)
{
	const struct rlimit none = { 0, 0 };
	struct rlimit files;

	setrlimit(RLIMIT_CORE, &none);
	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	lower(&files, DESCRIPTORS);
	setrlimit(RLIMIT_NOFILE, &files);
}

/*
 * Forgives the errors of a kernel that is older or lacks the feature, of a sandbox around ours, and
 * of an administrator who grants too few descriptors. No client can cause any of these.
 */
static int unless_absent(int err)
{
	static const int absent[] = { ENOSYS, EINVAL, EOPNOTSUPP, EPERM, EACCES, E2BIG, EMFILE };

	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (err == -absent[i])
			return 0;
	return err;
}

/* Libraries can still be loaded: a file is mapped as code from the beginning. */
static int deny_new_code(void)
{
	long r = syscall(SYS_prctl, MDWE_SET, MDWE_REFUSE_EXEC_GAIN, 0L, 0L, 0L);

	return r < 0 ? unless_absent(-errno) : 0;
}

int sandbox_converse(sandbox_report *report, void *ctx)
{
	struct filter f;
	int err;

	limit();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return unless_absent(-errno);
	err = deny_new_code();
	if (err)
		return err;
	err = unless_absent(landlock_read_only());
	if (!err)
		err = catch_forbidden(report, ctx);
	return err ? err : unless_absent(calls_converse(&f));
}

int sandbox_lookup(sandbox_next_port *next, void *ctx)
{
	return unless_absent(landlock_ports(next, ctx, PORT_DNS));
}

/* The only port is the one at ctx, once. */
static uint16_t take(void *ctx)
{
	uint16_t *port = ctx, taken = *port;

	*port = 0;
	return taken;
}

int sandbox_connect(uint16_t port, bool named)
{
	return unless_absent(landlock_ports(take, &port, named ? PORT_DNS : 0));
}

void sandbox_keep_bytes(int fd, const uint32_t *at, unsigned n)
{
	calls_keep_bytes(&kept, fd, at, n);
}

int sandbox_relay(unsigned needs)
{
	struct filter f;
	int err = unless_absent(landlock_nothing());

	witness.main = pthread_self();
	witness.relays = true;
	return err ? err : unless_absent(calls_relay(&f, needs, &kept));
}

int sandbox_datagrams(void)
{
	struct filter f;
	int err = sandbox_connect(0, true);

	return err ? err : unless_absent(calls_datagrams(&f, &kept));
}

void sandbox_describe(struct text *t)
{
	bool mdwe = syscall(SYS_prctl, MDWE_GET, 0L, 0L, 0L, 0L) >= 0;
	int abi = landlock_abi();

	text_strs(t, "seccomp filters: ", filter_available() ? "yes" : "not in this kernel",
		  "; Landlock: ", abi ? "ABI " : "not in this kernel", NULL);
	if (abi) {
		text_uint(t, (unsigned)abi);
		text_strs(t, " (files", abi >= 4 ? ", TCP ports" : "",
			  abi >= 6 ? ", signals, abstract sockets" : "", ")", NULL);
	}
	text_strs(t, "; MDWE: ", mdwe ? "yes" : "not in this kernel", NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does what getpass(3) and readpassphrase(3bsd) do, without their gap: signals are let in only
 * while the process waits for a key, so none can come between the question whether there was one
 * and the wait. Knows nothing of passwords.
 */
#include "check/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The signals that are met by restoring the terminal. SIGTTIN and SIGTTOU find it restored. */
static const int met[] = { SIGHUP,    SIGINT,  SIGQUIT, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2,
			   SIGVTALRM, SIGPROF, SIGIO,	SIGXCPU, SIGTSTP, SIGCONT };

enum { MET = sizeof(met) / sizeof(*met) };

static struct sigaction before[MET];
static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	caught = sig;
}

static void mask_one(int how, int sig)
{
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, sig);
	sigprocmask(how, &one, NULL);
}

/* Blocks the signals before it catches them. One that was ignored stays ignored. */
static void hold_signals(struct terminal *t)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < MET; i++)
		sigaddset(&set, met[i]);
	sigprocmask(SIG_BLOCK, &set, &t->mask);
	sigfillset(&sa.sa_mask);
	for (int i = 0; i < MET; i++) {
		sigaction(met[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(met[i], &sa, NULL);
	}
}

static void release_signals(const struct terminal *t)
{
	for (int i = 0; i < MET; i++)
		sigaction(met[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

static struct termios quiet(const struct terminal *t)
{
	struct termios ret = t->saved;

	ret.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	ret.c_lflag |= ICANON | ISIG;
	ret.c_iflag |= ICRNL;
	return ret;
}

/*
 * SIGTTOU stops a process that is not in the foreground, as it should. The call does not wait until
 * all output is written, because the terminal may be stopped. Does it again if the process was
 * stopped meanwhile, because a shell may have turned the echo on.
 */
static int silence(const struct terminal *t)
{
	const struct timespec at_once = { 0 };
	struct termios wanted = quiet(t);
	sigset_t cont;

	sigemptyset(&cont);
	sigaddset(&cont, SIGCONT);
	do {
		while (tcsetattr(t->in, TCSANOW, &wanted) < 0)
			if (errno != EINTR)
				return -errno;
	} while (sigtimedwait(&cont, NULL, &at_once) == SIGCONT);
	tcflush(t->in, TCIFLUSH);
	return 0;
}

/* Does nothing if a shell has changed the settings meanwhile. Nothing can stop it. */
static void restore(const struct terminal *t)
{
	struct termios now;

	mask_one(SIG_BLOCK, SIGTTOU);
	if (tcgetattr(t->in, &now) == 0 && now.c_lflag == quiet(t).c_lflag) {
		tcflush(t->in, TCIFLUSH);
		while (tcsetattr(t->in, TCSANOW, &t->saved) < 0 && errno == EINTR)
			;
	}
	mask_one(SIG_UNBLOCK, SIGTTOU);
}

int terminal_open(struct terminal *t)
{
	int err;

	t->in = t->out = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (t->in < 0) {
		t->in = STDIN_FILENO;
		t->out = STDERR_FILENO;
	}
	if (tcgetattr(t->in, &t->saved) < 0)
		return -errno;
	hold_signals(t);
	err = silence(t);
	if (err < 0)
		release_signals(t);
	return err;
}

void terminal_close(struct terminal *t)
{
	restore(t);
	release_signals(t);
	if (t->in != STDIN_FILENO)
		close(t->in);
}

/* Lets a signal do what it would have done without us: end the process here, or stop it. */
static void deliver(int sig)
{
	struct sigaction own, sa = { .sa_handler = SIG_DFL };

	sigaction(sig, &sa, &own);
	raise(sig);
	mask_one(SIG_UNBLOCK, sig);
	mask_one(SIG_BLOCK, sig);
	sigaction(sig, &own, NULL);
}

/* SIGCONT comes alone after SIGSTOP, when the terminal could not be restored. */
static int meet_signal(const struct terminal *t)
{
	int sig = caught;

	caught = 0;
	if (sig && sig != SIGCONT) {
		restore(t);
		deliver(sig);
	}
	return silence(t);
}

ssize_t line_read(int fd, const sigset_t *mask, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0;

	for (;;) {
		ssize_t got;
		char c;

		if (ppoll(&p, 1, NULL, mask) < 0 && (mask || errno != EINTR))
			return -errno;
		got = read(fd, &c, 1);
		if (got < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (got < 0)
			continue;
		if (!got && !len)
			return -ENODATA;
		if (got && c == '\n' && len && buf[len - 1] == '\r')
			len--;
		if (!got || c == '\n')
			return (ssize_t)len;
		if (len == size)
			return (ssize_t)size + 1;
		buf[len++] = c;
	}
}

static void say(const struct terminal *t, const char *words)
{
	ssize_t done = write(t->out, words, strlen(words));

	(void)done;
}

ssize_t terminal_read(struct terminal *t, const char *prompt, char *buf, size_t size)
{
	for (;;) {
		ssize_t n;
		int err;

		say(t, prompt);
		n = line_read(t->in, &t->mask, buf, size);
		say(t, "\n");
		if (n != -EINTR)
			return n;
		explicit_bzero(buf, size);
		err = meet_signal(t);
		if (err < 0)
			return err;
	}
}

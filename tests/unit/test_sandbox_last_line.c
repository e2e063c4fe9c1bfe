/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line that the handler of SIGSYS logs before it ends the process. It must load neither a
 * library nor a time zone. A socket of the test stands in for syslog.
 */
#include "end/end.h"
#include "sandbox/sandbox.h"
#include "sandbox/filter.h"
#include "sandbox_kit.h"
#include "tap.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <time.h>

enum { WENT_ON = 101, FAILED = 102 };

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
	is_int(kit_child(ends_with_a_line), EX_OSERR, "%s: a forbidden call ends the process",
	       name);
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

int main(void)
{
	if (is_valgrind()) {
		skip("valgrind makes system calls of its own");
		return done_testing();
	}
	if (!filter_available()) {
		skip("this kernel has no seccomp");
		return done_testing();
	}
	last_line(LOG_SINK_JOURNAL, true, "<3>client=", "the journal on descriptor 2");
	last_line(LOG_SINK_JOURNAL, false, "<27>picosocks5[", "the journal");
	last_line(LOG_SINK_SYSLOG, false, "<27>picosocks5[", "syslog");
	last_line(LOG_SINK_STDERR, true, "<3>client=", "descriptor 2");
	return done_testing();
}

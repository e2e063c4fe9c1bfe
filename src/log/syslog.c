/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends lines to /dev/log in the form of RFC 3164. Does not call syslog(3), which waits for ever if
 * the daemon hangs, allocates memory for a long line, and needs a sandbox that allows connect(2).
 */
#include "log/sinks.h"
#include "log/log.h"
#include "base/text.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

enum { RETRY_MS = 50 };

int syslog_open(bool timed)
{
	int fd;

	if (timed)
		tzset();
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

/* Appends "%b %e %H:%M:%S " of strftime(3), but in English whatever the locale. */
static void add_time(struct text *t)
{
	static const char month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct timespec now;
	struct tm tm = { 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	text_bytes(t, month + (size_t)tm.tm_mon * 3, 3);
	text_str(t, tm.tm_mday < 10 ? "  " : " ");
	text_uint(t, (unsigned)tm.tm_mday);
	text_char(t, ' ');
	text_uint_pad(t, (unsigned)tm.tm_hour, 2);
	text_char(t, ':');
	text_uint_pad(t, (unsigned)tm.tm_min, 2);
	text_char(t, ':');
	text_uint_pad(t, (unsigned)tm.tm_sec, 2);
	text_char(t, ' ');
}

void syslog_write(int fd, int level, pid_t pid, const char *line, bool timed)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	char buf[LOG_LINE_MAX + 64];
	struct text t = TEXT_OF(buf);
	struct iovec iov = { .iov_base = buf };
	const struct msghdr m = {
		.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &iov, .msg_iovlen = 1
	};
	int64_t until = 0;

	text_char(&t, '<');
	text_uint(&t, (unsigned)(LOG_DAEMON | level));
	text_char(&t, '>');
	if (timed)
		add_time(&t);
	text_str(&t, "picosocks5[");
	text_uint(&t, (unsigned)pid);
	text_strs(&t, "]: ", line, NULL);
	iov.iov_len = t.len;
	while (sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		/* Try again only if the daemon is busy. Any other error would only come again. */
		if (errno != EAGAIN && errno != ENOBUFS && errno != EINTR)
			return;
		until = until ? until : wait_now() + SINK_PATIENCE_MS;
		if (wait_now() >= until)
			return;
		ppoll(NULL, 0, &pause, NULL);
	}
}

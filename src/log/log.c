/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses the sink of a line, and is the sink for descriptor 2. Lines arrive escaped and are
 * written whole, in one write or one datagram. Never writes to descriptor 2 if it is the client's.
 */
#include "log/log.h"
#include "log/sinks.h"
#include "log/record.h"
#include "base/text.h"

#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fd2_is_journal(bool *is_socket)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char buf[48];
	struct text t = TEXT_OF(buf);
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	*is_socket = S_ISSOCK(st.st_mode);
	text_uint(&t, st.st_dev);
	text_char(&t, ':');
	text_uint(&t, st.st_ino);
	return strcmp(stream, buf) == 0;
}

void log_open(struct log *log, enum log_sink wanted, int level, bool fd2_is_clients)
{
	bool is_socket = false, journal = fd2_is_journal(&is_socket);

	if (wanted == LOG_SINK_AUTO)
		wanted = journal ? LOG_SINK_JOURNAL : LOG_SINK_STDERR;
	if (wanted == LOG_SINK_STDERR && fd2_is_clients)
		wanted = LOG_SINK_SYSLOG;
	*log = (struct log){ .sink = wanted,
			     .level = level,
			     .prefixed = journal,
			     .fd2_is_socket = is_socket,
			     .fd = -1,
			     .pid = getpid() };
}

void log_for_terminal(struct log *log)
{
	log->plain = isatty(STDERR_FILENO);
}

void log_prepare(struct log *log)
{
	if (log->fd >= 0)
		return;
	if (log->sink == LOG_SINK_JOURNAL) {
		if (!log->in_handler)
			log->fd = journal_open();
		if (log->fd >= 0)
			return;
		/* The journal also reads syslog, and descriptor 2 if that leads to it. */
		log->sink = log->prefixed ? LOG_SINK_STDERR : LOG_SINK_SYSLOG;
	}
	if (log->sink == LOG_SINK_STDERR)
		log->fd = STDERR_FILENO;
	else if (log->sink == LOG_SINK_SYSLOG)
		log->fd = syslog_open(!log->in_handler);
	if (log->fd < 0)
		log->sink = LOG_SINK_NONE;
}

bool log_wants(const struct log *log, int level)
{
	return log->sink != LOG_SINK_NONE && level <= log->level;
}

/* Writes to a socket by sendmsg(2), the only call that the relay's sandbox allows for that. */
static void put(const struct log *log, char *line, size_t len)
{
	struct iovec iov = { line, len };
	const struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t done;

	if (log->fd2_is_socket)
		done = sendmsg(STDERR_FILENO, &m, MSG_NOSIGNAL);
	else
		done = write(STDERR_FILENO, line, len);
	(void)done;
}

/* Loses the line if a pipe is full. POLLOUT promises room for PIPE_BUF bytes: one line of ours. */
static void to_stderr(const struct log *log, int level, const char *line)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
	const struct timespec now = { 0 };
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	if (ppoll(&p, 1, &now, NULL) <= 0 || !(p.revents & POLLOUT))
		return;
	if (log->prefixed) {
		text_char(&t, '<');
		text_uint(&t, (unsigned)level);
		text_char(&t, '>');
	} else if (log->plain) {
		text_str(&t, "picosocks5: ");
	} else {
		text_str(&t, "picosocks5[");
		text_uint(&t, (unsigned)log->pid);
		text_str(&t, "]: ");
	}
	text_str(&t, line);
	if (t.len == sizeof(buf) - 1)
		t.len--;
	t.buf[t.len++] = '\n';
	put(log, buf, t.len);
}

static void emit(const struct log *log, int level, const char *line, const struct record *rec)
{
	struct log l = *log;

	if (!log_wants(log, level))
		return;
	log_prepare(&l);
	if (l.sink == LOG_SINK_SYSLOG)
		syslog_write(l.fd, level, l.pid, line, !l.in_handler);
	else if (l.sink == LOG_SINK_STDERR)
		to_stderr(&l, level, line);
	else if (l.sink == LOG_SINK_JOURNAL && !journal_write(l.fd, level, line, rec) &&
		 l.prefixed && l.fd2_is_socket)
		to_stderr(&l, level, line);
	if (l.fd != log->fd && l.fd > STDERR_FILENO)
		close(l.fd);
}

void log_line(const struct log *log, int level, const char *line)
{
	emit(log, level, line, NULL);
}

void log_strs(const struct log *log, int level, ...)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	const char *s;
	va_list ap;

	if (!log_wants(log, level))
		return;
	va_start(ap, level);
	while ((s = va_arg(ap, const char *)))
		text_str(&t, s);
	va_end(ap);
	emit(log, level, buf, NULL);
}

void log_record(const struct log *log, int level, const struct record *rec)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	if (!log_wants(log, level))
		return;
	record_line(rec, &t);
	emit(log, level, buf, rec);
}

void log_record_in_handler(const struct log *log, int level, const struct record *rec)
{
	struct log l = *log;

	l.in_handler = true;
	log_record(&l, level, rec);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sinks. Lines come escaped and go out whole, in one write or one datagram. Nothing here
 * blocks for longer than SINK_PATIENCE, and descriptor 2 is not written to when it is the client's.
 */
#include "log.h"
#include "journal.h"
#include "record.h"
#include "text.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SINK_PATIENCE = 5 /* seconds that syslogd may take */ };

/* Of a session's line in the journal; `journalctl MESSAGE_ID=...` finds them all. */
#define MESSAGE_ID_SESSION "7c5a3d0c9a4e4f6bb9d2f1c4e86a0b35"

static bool fd2_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char buf[48];
	struct text t = TEXT_OF(buf);
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st) < 0)
		return false;
	text_uint(&t, st.st_dev);
	text_char(&t, ':');
	text_uint(&t, st.st_ino);
	return strcmp(stream, buf) == 0;
}

void log_open(struct log *log, enum log_sink wanted, int level, bool fd2_is_clients)
{
	bool journal = fd2_is_journal();

	if (wanted == LOG_SINK_AUTO)
		wanted = journal ? LOG_SINK_JOURNAL : LOG_SINK_STDERR;
	if (wanted == LOG_SINK_STDERR && fd2_is_clients)
		wanted = LOG_SINK_SYSLOG;
	*log = (struct log){ .sink = wanted, .level = level, .prefixed = journal };
}

void log_prepare(const struct log *log)
{
	if (log->sink == LOG_SINK_JOURNAL) {
		journal_load();
	} else if (log->sink == LOG_SINK_SYSLOG) {
		tzset();
		openlog("picosocks5", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	}
}

bool log_wants(const struct log *log, int level)
{
	return log->sink != LOG_SINK_NONE && level <= log->level;
}

/* A full pipe loses the line: POLLOUT promises room for PIPE_BUF bytes, and that is our line. */
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
	} else {
		text_str(&t, "picosocks5[");
		text_uint(&t, (unsigned)getpid());
		text_str(&t, "]: ");
	}
	text_str(&t, line);
	if (t.len == sizeof(buf) - 1)
		t.len--;
	t.buf[t.len++] = '\n';
	if (write(STDERR_FILENO, buf, t.len) < 0)
		return;
}

static void give_up(int sig)
{
	(void)sig;
	_exit(0);
}

/* syslog(3) knows no deadline; a syslogd that hangs ends us instead of keeping us for ever. */
static void to_syslog(int level, const char *line)
{
	struct sigaction sa = { .sa_handler = give_up };

	sigaction(SIGALRM, &sa, NULL);
	alarm(SINK_PATIENCE);
	openlog("picosocks5", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	syslog(level, "%s", line);
	alarm(0);
}

/* The fields of one journal entry; a field's text begins where the one before it ended. */
struct entry {
	struct iovec field[24];
	int n;
	struct text text;
};

static void add_field(struct entry *e, const char *name, const char *value)
{
	size_t start = e->text.len;

	if (e->n == (int)(sizeof(e->field) / sizeof(e->field[0])))
		return;
	text_strs(&e->text, name, "=", value, NULL);
	e->field[e->n++] = (struct iovec){ e->text.buf + start, e->text.len - start };
}

static void add_pair(void *ctx, const char *key, const char *value)
{
	char name[24];
	struct text t = TEXT_OF(name);

	text_str(&t, "SOCKS_");
	for (; *key; key++)
		text_char(&t, (char)(*key & ~0x20));
	add_field(ctx, name, value);
}

static bool to_journal(int level, const char *line, const struct record *rec)
{
	char buf[2 * LOG_LINE_MAX];
	struct entry e = { .text = TEXT_OF(buf) };
	char priority[2] = { (char)('0' + level), '\0' };

	add_field(&e, "MESSAGE", line);
	add_field(&e, "PRIORITY", priority);
	add_field(&e, "SYSLOG_IDENTIFIER", "picosocks5");
	if (rec) {
		add_field(&e, "MESSAGE_ID", MESSAGE_ID_SESSION);
		record_each(rec, add_pair, &e);
	}
	return journal_send(e.field, e.n) >= 0;
}

static void emit(const struct log *log, int level, const char *line, const struct record *rec)
{
	if (!log_wants(log, level))
		return;
	if (log->sink == LOG_SINK_SYSLOG)
		to_syslog(level, line);
	else if (log->sink == LOG_SINK_STDERR)
		to_stderr(log, level, line);
	else if (to_journal(level, line, rec))
		return;
	else if (log->prefixed) /* the journal reads descriptor 2 as well */
		to_stderr(log, level, line);
	else
		to_syslog(level, line);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log lines, and where they go: the journal, syslog or descriptor 2, as picosocks5(8), LOG, says.
 * If a sink fails or would block, the line is lost; a session never stops for its log.
 */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <syslog.h>

struct record;

enum log_sink { LOG_SINK_AUTO, LOG_SINK_JOURNAL, LOG_SINK_SYSLOG, LOG_SINK_STDERR, LOG_SINK_NONE };

/* The longest line, in bytes with its NUL; longer ones are cut off. */
enum { LOG_LINE_MAX = 4096 };

struct log {
	enum log_sink sink; /* never LOG_SINK_AUTO once open */
	int level;	    /* LOG_ERR to LOG_DEBUG: the least important level that is logged */
	bool prefixed;	    /* descriptor 2 leads to the journal: lines begin with "<LEVEL>" */
	bool fd2_is_socket; /* descriptor 2 is a socket, as systemd makes it for the journal */
	bool plain;	    /* lines on descriptor 2 carry no process id */
	bool in_handler;    /* in the handler of a signal: load nothing */
	int fd; /* the descriptor of the sink; -1: not open yet, so each line opens it */
	pid_t pid;
};

/*
 * Decides where lines go, but opens nothing yet. fd2_is_clients: descriptor 2 is the client's
 * connection, or was closed when the process started; then no line goes to it.
 */
void log_open(struct log *log, enum log_sink wanted, int level, bool fd2_is_clients);

/*
 * Makes the lines plain if descriptor 2 is a terminal: for a message to the person who started the
 * program there. Lines about sessions keep the process id.
 */
void log_for_terminal(struct log *log);

/*
 * Loads and opens what the sink needs and the sandbox would forbid: libraries, sockets, the time
 * zone. Call it before the sandbox closes. If the journal can't be reached, the sink becomes
 * descriptor 2 if that leads to the journal, else syslog. Without this call, each line opens the
 * sink by itself.
 */
void log_prepare(struct log *log);

/* Returns true if a line of this level would be written. */
bool log_wants(const struct log *log, int level);

/* Writes one line, which must be escaped already. */
void log_line(const struct log *log, int level, const char *line);

/* Writes one line made of several strings, up to a final NULL. */
void log_strs(const struct log *log, int level, ...) __attribute__((sentinel));

/* Writes the session's record as one line in logfmt; the journal gets its pairs as fields too. */
void log_record(const struct log *log, int level, const struct record *rec);

/*
 * Writes the record from a signal handler, which must not load a library or the time zone. If the
 * journal is open, it gets its entry. If it is not, the line goes to descriptor 2 if that leads to
 * the journal, else to syslog. A line for syslog then carries no time; the daemon adds its own.
 */
void log_record_in_handler(const struct log *log, int level, const struct record *rec);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log lines, and where they go: the journal, syslog or descriptor 2. A sink that fails or
 * would block loses the line; it never stops the session.
 */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <syslog.h>

struct record;

enum log_sink { LOG_SINK_AUTO, LOG_SINK_JOURNAL, LOG_SINK_SYSLOG, LOG_SINK_STDERR, LOG_SINK_NONE };

/* The longest line; what is longer is cut off. */
enum { LOG_LINE_MAX = 4096 };

struct log {
	enum log_sink sink; /* never LOG_SINK_AUTO once open */
	int level;	    /* LOG_ERR to LOG_DEBUG: the least important level logged */
	bool prefixed;	    /* descriptor 2 leads to the journal: lines begin with <level> */
	bool fd2_is_socket; /* it does by a socket, as systemd's does */
	bool in_handler;    /* of a signal: nothing is loaded */
	int fd;		    /* what the sink writes to; -1: not open, each line opens it */
	pid_t pid;
};

/*
 * Decides where lines go (INTERFACE section 6). fd2_is_clients: descriptor 2 is the client's
 * connection or is not there; it is never written to then. Opens nothing yet.
 */
void log_open(struct log *log, enum log_sink wanted, int level, bool fd2_is_clients);

/*
 * Makes everything ready that the sink needs and a sandbox would forbid: libraries, sockets,
 * the time zone. Settles the sink: where the journal can't be had it is descriptor 2 if that leads
 * there, else syslog. Call it before the sandbox closes; without it lines are still written.
 */
void log_prepare(struct log *log);

/* True if a line of this level would be written. */
bool log_wants(const struct log *log, int level);

/* Writes one line, already escaped. */
void log_line(const struct log *log, int level, const char *line);

/* The same of several strings, up to a final NULL. */
void log_strs(const struct log *log, int level, ...) __attribute__((sentinel));

/* Writes the session's record: one logfmt line; the journal gets it as fields too. */
void log_record(const struct log *log, int level, const struct record *rec);

/*
 * The same from a signal handler, which may load no library and no time zone. A journal that is
 * open gets an entry as ever. If it is not open yet, the line goes to descriptor 2 if that leads
 * there, else to syslog; a line of syslog carries no time then, and the daemon puts its own.
 */
void log_record_in_handler(const struct log *log, int level, const struct record *rec);

#endif

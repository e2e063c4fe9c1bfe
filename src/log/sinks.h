/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sinks behind log.c. Each writes one line whole or loses it, within a bounded time. */
#ifndef LOG_SINKS_H
#define LOG_SINKS_H

#include "log/record.h"

#include <stdbool.h>
#include <sys/types.h>

enum { SINK_PATIENCE_MS = 5000 /* that a daemon may take */ };

/*
 * Opens what a line needs. Syslog: a socket, unconnected, so that a daemon that starts anew gets
 * what comes after; and the time zone, where lines carry a time. The journal: the library, and a
 * socket that asks whether the daemon has room. Both return a descriptor or -errno.
 */
int syslog_open(bool timed);
int journal_open(void);

/* Sends a line to /dev/log as syslog(3) would, in facility daemon; or without the time. */
void syslog_write(int fd, int level, pid_t pid, const char *line, bool timed);

/* An entry, with the record's fields if rec isn't NULL. False if it was lost. */
bool journal_write(int fd, int level, const char *line, const struct record *rec);

#endif

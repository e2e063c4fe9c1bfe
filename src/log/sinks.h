/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sinks that log.c chooses from. Each writes a line whole or loses it, in bounded time. */
#ifndef LOG_SINKS_H
#define LOG_SINKS_H

#include "log/record.h"

#include <stdbool.h>
#include <sys/types.h>

/* How long a sink waits for a daemon that is busy. */
enum { SINK_PATIENCE_MS = 5000 };

/*
 * Opens a socket for syslog, not connected, so that a daemon that is restarted gets the lines that
 * follow. If the lines are to carry a time (timed), loads the time zone too. Returns a descriptor,
 * or -errno.
 */
int syslog_open(bool timed);

/*
 * Loads the journal's library and opens a socket that can tell whether the daemon has room.
 * Returns a descriptor, or -errno.
 */
int journal_open(void);

/* Sends a line to /dev/log as syslog(3) would, in facility daemon, with the time if timed. */
void syslog_write(int fd, int level, pid_t pid, const char *line, bool timed);

/* Sends a line, and the fields of rec if that isn't NULL. Returns false if they were lost. */
bool journal_write(int fd, int level, const char *line, const struct record *rec);

#endif

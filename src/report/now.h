/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells who is being served at this moment. The titles of the processes say it, as picosocks5(8),
 * PROCESS TITLE, explains:
 *
 *     picosocks5: alice@192.0.2.7 connect example.com:443
 */
#ifndef REPORT_NOW_H
#define REPORT_NOW_H

#include "report/entry.h"
#include "report/output.h"

#include <sys/types.h>

/* A process that serves. Words are printable ASCII; n is 0 for what is not known yet. */
struct now_session {
	pid_t pid;
	uint64_t age_s; /* since the process started */
	struct word user, client, command, dest;
	char *title; /* the words point into it */
};

/* The oldest first. */
struct now {
	struct now_session *sessions;
	size_t n;
	int64_t time_us; /* the present, in Unix time */
};

/*
 * Lists the sessions of this moment, as a table, as JSON or as CSV. Returns 0, or 71 (EX_OSERR)
 * after a message on standard error.
 */
int now_list(FILE *out, enum asked_output form, const struct output_terminal *t);

/* Finds the sessions in /proc. Returns 0 or a negative errno. now_free() is due in both cases. */
int now_find(struct now *now);
void now_free(struct now *now);

/* Reads a title, n bytes. Returns false if it is none, or has a byte that no title has. */
bool now_read_title(const char *title, size_t n, struct now_session *ret);

/* Writes the table for a terminal. */
void now_put_table(FILE *out, const struct now *now, const struct output_terminal *t);

#endif

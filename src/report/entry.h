/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One session, as its log line tells it:
 *
 *     client=192.0.2.7:40000 user=alice command=connect dest=example.com:443 reply=0
 *     sent=517 received=4096 time=1.204 end=eof
 *
 * on one line; picosocks5(8), LOG, lists the keys.
 */
#ifndef REPORT_ENTRY_H
#define REPORT_ENTRY_H

#include "report/usage.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a line, borrowed from it; n is 0 if there are none. */
struct word {
	const char *p;
	size_t n;
};

/* How a session can end: the words of end=, picosocks5(8), LOG. */
enum { ENTRY_ENDS = 11 };
extern const char entry_ends[ENTRY_ENDS][9];

/* The longest word: a name of 255 bytes, all of them as \xNN, and a port. */
enum { ENTRY_WORD_MAX = 1036 };

/*
 * The words are as logged: printable ASCII, all other bytes, quotes and backslashes as \xNN. None
 * is longer than ENTRY_WORD_MAX.
 */
struct entry {
	bool has_time;
	int64_t time_us; /* when the line was logged, which is when the session ended; Unix time */
	struct word client; /* without its port; never empty */
	struct word user, dest, rule, error;
	struct word end;    /* one of entry_ends */
	struct usage usage; /* one session */
};

enum entry_kind {
	ENTRY_SESSION,
	ENTRY_OTHER,  /* not a session's line */
	ENTRY_BROKEN, /* it begins like a session's line, and can't be read */
};

/*
 * Reads the pairs of a session's line, without what stands in front of "client=". Fills ret only
 * for ENTRY_SESSION, but neither has_time nor time_us. No byte of the line is trusted: a line that
 * the program can't have written is broken. So is one that has a key twice, if the key counts;
 * other keys may be unknown. Where a logger has cut the line off behind `end`, the last pair is
 * left out if one sees that it is cut.
 */
enum entry_kind entry_read(const char *line, size_t n, struct entry *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What loggers write in front of a line: the time, the host, the tag "picosocks5[PID]:". */
#ifndef REPORT_PREFIX_H
#define REPORT_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prefix {
	size_t len; /* bytes in front of what the program logged */
	bool has_time;
	int64_t time_us; /* Unix time */
};

/*
 * Reads the prefix of a line. Returns false if picosocks5 did not write this line, by its tag: what
 * another program's line quotes is no session. A line without any prefix counts as picosocks5's.
 */
bool prefix_read(const char *line, size_t n, int64_t now_us, struct prefix *ret);

#endif

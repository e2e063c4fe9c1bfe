/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What loggers write in front of a line. Each of these is a line, and may stand behind "<PRI>":
 *
 *     client=                                            journalctl -o cat
 *     picosocks5[12]: client=                            standard error; picosocks5: at a terminal
 *     TIME client=                                       the above, behind a time
 *     TIME picosocks5[12]: client=                       multilog, s6-log, svlogd, docker logs -t
 *     TIME HOST picosocks5[12]: client=                  syslog, rsyslog, journalctl
 *     TIME HOST daemon.notice picosocks5[12]: client=    busybox; socklog in front of a TIME
 *     TIME stderr F picosocks5[12]: client=              containers of Kubernetes
 *     <PRI>1 TIME HOST picosocks5 12 ID DATA client=     RFC 5424; TIME may be "-"
 *
 * A second TIME may follow the first. TIME is one of these:
 *
 *     Nov 28 14:00:01                   RFC 3164, local; also with a fraction
 *     Sat Nov 28 14:00:01 2026          logread, local
 *     2026-11-28T14:00:01.123456+01:00  RFC 3339; also +0100, +01, Z; local without a zone
 *     2026-11-28 14:00:01.123456789     s6-log T, tai64nlocal; local
 *     2026-11-28_14:00:01.12345         svlogd -tt, UTC; and so is svlogd -ttt, with a T
 *     Sat 2026-11-28 14:00:01 CET       journalctl -o short-full
 *     1764338400.123456                 journalctl -o short-unix
 *     @400000006b0c449b17c8ebac         multilog and svlogd -t. With s6-log t, the time is later
 *                                       by the leap seconds since 1972: 27 s.
 */
#ifndef REPORT_PREFIX_H
#define REPORT_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prefix {
	size_t len; /* bytes in front of what the program logged */
	bool has_time;
	int64_t time_us; /* Unix time, of the last TIME if there are two */
};

/*
 * Reads the prefix of a line. Returns false if picosocks5 did not write this line, by its tag: what
 * another program's line quotes is no session. A line that begins with "client=" counts as
 * picosocks5's. Of a year that is left out, the latest is meant that lies not after tomorrow;
 * now_us is the present, in Unix time.
 */
bool prefix_read(const char *line, size_t n, int64_t now_us, struct prefix *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times on the command line, as systemd.time(7) has them. */
#ifndef REPORT_WHEN_H
#define REPORT_WHEN_H

#include <stdint.h>

/*
 * Reads a time: now, today, yesterday, tomorrow, "2026-11-28", "2026-11-28 14:00", with :SS,
 * "14:00", "-2h", "+5min", "2h ago", "@1764338400", each but the last three with UTC behind it or
 * in the local zone. Returns 0 or -EINVAL.
 */
int when_read(const char *text, int64_t now_us, int64_t *ret_us);

/* Returns the last midnight of the local zone. */
int64_t when_today(int64_t now_us);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to write instead of a value that can't be used. Each function appends "; write ...", or
 * nothing if it does not know what was meant. Called only to report a mistake.
 */
#ifndef OPTIONS_REMEDY_H
#define OPTIONS_REMEDY_H

#include "base/cold.h"
#include "base/text.h"

/* Appends a time as an option is written: 1h30m. */
COLD_CODE void remedy_format_time(struct text *t, int64_t ms);

/* A time in words of other programs: 30sec, 1.5h, 10 min, never. */
COLD_CODE void remedy_time(struct text *t, const char *value);

/* A rate in other units: 10MB/s, 10Mbit, 1.5M, unlimited. */
COLD_CODE void remedy_rate(struct text *t, const char *value);

/* An address with a port or a prefix length, a name, two addresses with a blank, 0.0.0.0. */
COLD_CODE void remedy_address(struct text *t, const char *value);

/* A range of ports in another form: 40000:40999, 40999-40000, one port. */
COLD_CODE void remedy_range(struct text *t, const char *value);

#endif

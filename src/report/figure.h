/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers for people. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include <stdint.h>

enum { FIGURE_MAX = 32 };

/* Each writes to buf and returns it. */

/* "12,345" */
const char *figure_count(char buf[FIGURE_MAX], uint64_t n);

/* "517 B", "1.2 GB", "34 GB": in powers of 1000, rounded to two digits or to the unit. */
const char *figure_bytes(char buf[FIGURE_MAX], uint64_t n);

/* "8 %"; "<1 %" and ">99 %" for what would be rounded to nothing or to all. */
const char *figure_percent(char buf[FIGURE_MAX], uint64_t part, uint64_t whole);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted: of one session, of a row of a table, of the whole report. */
#ifndef REPORT_USAGE_H
#define REPORT_USAGE_H

#include <stdint.h>

struct usage {
	uint64_t sessions;
	uint64_t failed;	 /* sessions in which no request was granted */
	uint64_t sent, received; /* bytes that the clients sent, and got */
};

/* Adds more to sum. A number that would be too large stays at UINT64_MAX. */
void usage_add(struct usage *sum, const struct usage *more);

/* Returns what was sent and received together, at most UINT64_MAX. */
uint64_t usage_bytes(const struct usage *u);

#endif

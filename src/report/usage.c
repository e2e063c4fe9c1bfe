/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums of usage. A log may hold any number, so no sum overflows. */
#include "report/usage.h"

static uint64_t sum_of(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void usage_add(struct usage *sum, const struct usage *more)
{
	sum->sessions = sum_of(sum->sessions, more->sessions);
	sum->failed = sum_of(sum->failed, more->failed);
	sum->sent = sum_of(sum->sent, more->sent);
	sum->received = sum_of(sum->received, more->received);
}

uint64_t usage_bytes(const struct usage *u)
{
	return sum_of(u->sent, u->received);
}

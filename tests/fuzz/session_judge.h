/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_judge.h - what a session may have come to. */
#ifndef FUZZ_SESSION_JUDGE_H
#define FUZZ_SESSION_JUDGE_H

#include <stdbool.h>

/* Settings, and what of them matters for the judgement. */
struct setup {
	bool none;   /* some get in without authentication */
	bool users, socks4;
	bool trusts; /* a load balancer to say who the client is */
	bool denies; /* 203.0.113.0/24 to everybody */
	const char *args[12];
};

/* Looks at what was said, passed on and logged, and at the program's exit status. */
void session_judge(const struct setup *setup, int status);

#endif

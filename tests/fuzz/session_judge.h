/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_judge.h - checks how a session went. */
#ifndef FUZZ_SESSION_JUDGE_H
#define FUZZ_SESSION_JUDGE_H

#include <stdbool.h>

/* Settings of the program, and what they mean for the judgement. */
struct setup {
	bool none; /* some clients get in without authentication */
	bool users, socks4;
	bool trusts; /* believes a load balancer about who the client is */
	bool denies; /* denies 203.0.113.0/24 to everybody */
	const char *args[12];
};

/* Judges what was said, relayed and logged, and the program's exit status. */
void session_judge(const struct setup *setup, int status);

#endif

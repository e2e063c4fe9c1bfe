/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this process takes from itself, phase by phase: limits, a seccomp filter and a Landlock
 * domain. What the kernel doesn't have is left out in silence: sandbox_describe() tells. A system
 * call that a phase forbids ends the process, with a line in the log.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Says that the system call nr was tried and ends the process. Runs in a signal handler. */
typedef void sandbox_report(void *ctx, int nr);

/*
 * Before the first byte of the client is looked at. No new privileges, no cores, few descriptors;
 * files can be read and nothing else; no programs, no processes, no tracing, no signals, no mounts,
 * no rare sockets; no memory that becomes code. What names, passwords and the log need, NSS modules
 * and dlopen(3) included, goes on. All of these return 0; or -errno if the kernel has it and could
 * not do it.
 */
int sandbox_converse(sandbox_report *report, void *ctx);

/*
 * The request is known. TCP connects to this port alone, and to that of DNS if a name is looked up;
 * it binds no port but one of the kernel's choice.
 */
int sandbox_connect(uint16_t port, bool named);

/* What the relay needs of the kernel beside its sockets. */
enum sandbox_need {
	SANDBOX_PIPES = 1,   /* the client is on descriptors that read(2) and write(2) serve */
	SANDBOX_WRITE = 2,   /* the log is a descriptor */
	SANDBOX_JOURNAL = 4, /* the log is libsystemd's, which has been loaded */
	SANDBOX_SPLICE = 8,  /* both ends are TCP: bulk goes through pipes that are made then */
};

/*
 * Bytes are relayed between two streams that are open already; then a line is logged. 15 calls. The
 * calling thread is the relay; another that a library has left behind sleeps for ever at its next
 * call.
 */
int sandbox_relay(unsigned needs);

/* Datagrams are relayed, and names looked up, by threads; TCP goes to DNS alone. */
int sandbox_datagrams(void);

/* What of it this kernel and this build have, in words. */
void sandbox_describe(struct text *t);

#endif

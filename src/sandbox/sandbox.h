/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process gives up what it no longer needs, phase by phase, through limits, seccomp filters and
 * Landlock domains. What was given up never comes back:
 *
 *	sandbox_converse()        before the client's first byte
 *	|  keeps  reading files, name lookups, passwords, the log, NSS modules, dlopen(3)
 *	|  loses  writing files, programs, processes, tracing, signals to others, mounts,
 *	|         rare sockets, memory that becomes code, new privileges, cores,
 *	|         descriptors above 255
 *	|
 *	+-------------------------+-------------------------+----------------> RESOLVE, exit
 *	CONNECT                   BIND                      UDP ASSOCIATE
 *	|                         |                         |
 *	sandbox_lookup()          |                         |
 *	|  keeps  the TCP ports   |                         |
 *	|         of routes, DNS  |                         |
 *	|  loses  all other ports |                         |
 *	|                         |                         |
 *	sandbox_connect()         |                         |
 *	|  keeps  one TCP port,   |                         |
 *	|         DNS             |                         |
 *	|  loses  all other ports |                         |
 *	|                         |                         |
 *	sandbox_relay() <---------+                         sandbox_datagrams()
 *	   keeps  both streams,                                keeps  datagrams, name lookups,
 *	          15 system calls,                                    threads, TCP to DNS
 *	          memory for a layer
 *	   loses  files, ports,                                loses  all other TCP ports, and
 *	          new sockets                                         the calls for anything else
 *
 * If the kernel lacks a feature, it is left out in silence; sandbox_describe() tells which. A
 * forbidden system call ends the process, with a line in the log. If a library may merely try the
 * call, the call fails with an error instead.
 *
 * Each phase returns 0; or -errno if the kernel has a feature and failed to apply it.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Reports that the system call nr was tried, and ends the process. Runs in a signal handler. */
typedef void sandbox_report(void *ctx, int nr);

/*
 * Begins the conversation. Call it before the first byte of the client is read. Files can be read,
 * but not changed. report gets the forbidden calls of this phase and of all later ones.
 */
int sandbox_converse(sandbox_report *report, void *ctx);

/* Returns the next TCP port, or 0 after the last one. The same port may come again. */
typedef uint16_t sandbox_next_port(void *ctx);

/*
 * Begins CONNECT while a name is looked up that may leave by several routes. TCP can connect to
 * these ports alone, and to that of DNS; it can bind only a port that the kernel chooses.
 */
int sandbox_lookup(sandbox_next_port *next, void *ctx);

/*
 * Begins CONNECT, or goes on after sandbox_lookup(), which must have had this port. TCP can connect
 * to this port alone (0: to none), and to that of DNS if a name is to be looked up.
 */
int sandbox_connect(uint16_t port, bool named);

enum { SANDBOX_BYTES = 3 };

/*
 * Lets the two relays write one byte at each of these offsets of this file, and no other. Call it
 * before them; without this call they can write to no file. n is at most SANDBOX_BYTES.
 */
void sandbox_keep_bytes(int fd, const uint32_t *at, unsigned n);

/* What the relay needs besides system calls on its sockets. */
enum sandbox_need {
	SANDBOX_PIPES = 1,   /* the client's descriptors are used by read(2) and write(2) */
	SANDBOX_WRITE = 2,   /* the log is a descriptor */
	SANDBOX_JOURNAL = 4, /* the log is libsystemd's, which has been loaded */
	SANDBOX_SPLICE = 8,  /* both sides are TCP, so bulk goes through pipes that are made then */
	SANDBOX_LAYER = 16,  /* the client's stream has a layer, whose library needs memory */
};

/*
 * Begins the relay between two streams that are already open; one line of the log follows it. At
 * most 15 system calls remain, and one more for libsystemd. With a layer they are at most 23: those
 * for memory that never becomes code, random bytes, locks, the time and the process id. In both
 * cases, sandbox_keep_bytes() adds one. The calling thread is the relay. Any other thread, left
 * behind by a library, sleeps for ever at its next call.
 */
int sandbox_relay(unsigned needs);

/*
 * Begins the relay of datagrams, with the lookups of their names in threads. TCP can connect to the
 * port of DNS alone.
 */
int sandbox_datagrams(void);

/* Appends, in words, which parts of the sandbox this kernel and this build have. */
void sandbox_describe(struct text *t);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts Landlock domains in force; see landlock(7). Each call adds a domain, which takes away more.
 */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Returns the kernel's ABI; 0 if Landlock is not available. */
int landlock_abi(void);

/*
 * Lets files be read, but not written, made or executed; no signals to others, no abstract sockets.
 * This function and the next two return 0 or -errno; 0 as well if there is no Landlock.
 */
int landlock_read_only(void);

/* Returns the next port, or 0 after the last one. The same port may come again. */
typedef uint16_t landlock_next(void *ctx);

/*
 * Lets TCP connect to these ports and to one more (0: no more), and bind to port 0, which makes the
 * kernel choose one. Does nothing if the ABI does not know ports (before ABI 4).
 */
int landlock_ports(landlock_next *next, void *ctx, uint16_t more);

/* Lets no file be opened and no TCP port be used. */
int landlock_nothing(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Landlock domains: each call adds one, and each takes away more. See landlock(7). */
#ifndef SANDBOX_LANDLOCK_H
#define SANDBOX_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* The kernel's ABI; 0: it has none for us. */
int landlock_abi(void);

/* Files are read and never written, made or executed; no signals to others, no abstract sockets. */
int landlock_read_only(void);

/*
 * TCP: connects to these ports; binds to port 0, the kernel's choice. Where the ABI knows of ports.
 * These return 0 or -errno; 0 as well where there is no Landlock.
 */
int landlock_ports(const uint16_t *port, unsigned n);

/* No file and no port any more. */
int landlock_nothing(void);

#endif

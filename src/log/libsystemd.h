/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries with fields for systemd's journal, through libsystemd, which is loaded when needed. */
#ifndef LOG_LIBSYSTEMD_H
#define LOG_LIBSYSTEMD_H

#include <stdbool.h>
#include <sys/uio.h>

/* Returns false in a build without libsystemd: a static program, or --with-libsystemd=no. */
bool libsystemd_is_built(void);

/* Loads the library. Returns true if entries can be sent. */
bool libsystemd_load(void);

/* Sends one entry of n fields, each "FIELD=value". Returns 0, or a negative errno. */
int libsystemd_send(const struct iovec *fields, int n);

#endif

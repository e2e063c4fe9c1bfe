/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The systemd journal's structured entries, through libsystemd. Loaded when first needed. */
#ifndef LOG_LIBSYSTEMD_H
#define LOG_LIBSYSTEMD_H

#include <stdbool.h>
#include <sys/uio.h>

/* False if this build has not the code: a static program, or --with-libsystemd=no. */
bool libsystemd_is_built(void);

/* True if structured entries can be sent: this build has the code and the machine the library. */
bool libsystemd_load(void);

/* Sends one entry of FIELD=value pairs. Returns 0 or a negative errno. */
int libsystemd_send(const struct iovec *fields, int n);

#endif

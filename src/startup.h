/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts the process in order before it trusts anything that it inherited. */
#ifndef STARTUP_H
#define STARTUP_H

#include <stdbool.h>

/*
 * Opens /dev/null for those of the descriptors 0 to 2 that are closed; closes all others, except 3
 * if the environment hands it over; sets signals, their mask and the umask; forbids core dumps.
 * Sets *had_stderr to whether descriptor 2 was open. Returns 0, or a negative errno.
 */
int startup(bool *had_stderr);

#endif

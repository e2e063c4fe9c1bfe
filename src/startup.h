/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process must put right before it trusts anything that it inherited. */
#ifndef STARTUP_H
#define STARTUP_H

#include <stdbool.h>

/*
 * Descriptors 0 to 2 exist, those above are closed (3 stays if it is the activated one); signals,
 * their mask and the umask are ours; memory is not dumped. *had_stderr: descriptor 2 was open
 * already. Returns 0 or -errno.
 */
int startup(bool *had_stderr);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process must put right before it trusts anything that it inherited. */
#ifndef STARTUP_H
#define STARTUP_H

/*
 * Descriptors 0 to 2 exist, those above are closed (3 stays if it is the activated one); signals,
 * mask and umask are ours; memory is not dumped. Returns 0 or -errno.
 */
int startup(void);

#endif

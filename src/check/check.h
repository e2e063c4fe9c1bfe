/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The modes that serve nobody: --check, --explain, --help and --version. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "client.h"
#include "options/options.h"

/*
 * Does what the mode asks, for options of which options_read() returned status. --check first
 * reports everything that it finds beyond that; then the answer is printed on standard output,
 * unless that is a client's socket. --explain answers nothing if there was a mistake. Returns the
 * exit status: that of the first mistake, 71 (EX_OSERR) if the answer can't be written, or 0.
 */
int check_run(const struct options *o, struct client *client, int status);

#endif

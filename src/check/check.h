/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The modes that serve no client: --check, --explain, --hash, --help and --version. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "client.h"
#include "options/options.h"

/*
 * Does what o->mode asks. status is what options_read() returned: it has reported its mistakes.
 * --check reports the mistakes that it finds, or, if there are none, its warnings. Then prints the
 * answer on standard output, unless that is a client's socket. --check, --explain and --hash print
 * no answer if there was a mistake. Returns the exit status: that of the first mistake, 71
 * (EX_OSERR) if the answer can't be written, that of explain() or hash(), or 0.
 */
int check_run(const struct options *o, struct client *client, int status);

#endif

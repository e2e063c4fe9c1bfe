/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --hash: makes a line for the users file. */
#ifndef CHECK_HASH_H
#define CHECK_HASH_H

#include "client.h"
#include "options/options.h"

/*
 * Asks for the password of o->hash.name, and prints NAME:HASH on standard output. Reports what is
 * wrong, and then prints nothing. Returns the exit status: 0; 64 (EX_USAGE) for a password that is
 * refused; 71 (EX_OSERR) if the hash can't be computed or the line can't be written.
 */
int hash(const struct options *o, struct client *client);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verifies a user's password by saslauthd(8), which asks PAM, LDAP, Kerberos or its own database.
 * Never logs, and never blocks except in wait_poll().
 */
#ifndef USERS_SASLAUTHD_H
#define USERS_SASLAUTHD_H

#include "wire/userpass.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns true if the path is short enough for the address of a unix socket. */
bool saslauthd_path_fits(const char *path);

/*
 * Puts a user name and a password to the daemon that listens at the unix socket path. Returns 1 if
 * it says that the password is right; 0 if it says anything else; or a negative errno, which does
 * not let the user in either:
 *
 *	an error of wait_poll(): -ETIMEDOUT if there was no whole answer by the deadline
 *	-ECONNABORTED            the client, at the descriptor watch, has left
 *	-ECONNRESET              the daemon closed the connection before it gave a whole answer
 *	-EPROTO                  the answer is malformed
 *	another errno            of socket(2), connect(2) and so on
 *
 * Returns 0 without asking if the name or the password is empty or has a NUL byte. Waits for a
 * place if the queue of the daemon is full. The caller wipes *login.
 */
int saslauthd_ask(const char *path, const struct userpass_request *login, int watch,
		  int64_t deadline_ms);

/*
 * Connects to the daemon, and closes the connection at once. Returns 0, also if the queue of the
 * daemon is full; -ENOTSOCK if path is not a socket; or the negative errno of connect(2).
 */
int saslauthd_try(const char *path);

#endif

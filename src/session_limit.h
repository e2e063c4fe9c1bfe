/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limits of sessions at once (--limit, --limit-client, --limit-user). Each of these functions
 * does nothing if its limit is not set, and ends the session if the limit is reached, or if the
 * file of limits can't be used.
 */
#ifndef SESSION_LIMIT_H
#define SESSION_LIMIT_H

#include "session.h"

/*
 * Opens the file, which the sandbox would forbid: call it before. A failure ends the session in the
 * next of these functions, inside the sandbox.
 */
void session_limit_open(struct session *s);

/* Counts the session among all. Call it before the header of a load balancer is read. */
void session_limit_all(struct session *s);

/*
 * Counts the session of the client, who is known now, and then among all if it was not yet: so a
 * client over its own limit takes no slot from others, not even for a moment.
 */
void session_limit_client(struct session *s);

/*
 * Counts the session of the user, if one has logged in: a SOCKS 4 user id is not a login. Answers
 * the request if the limit is reached, so call it when the request has been read.
 */
void session_limit_user(struct session *s);

#endif

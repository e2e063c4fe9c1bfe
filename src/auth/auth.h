/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods of authentication: one file each, and the table of them. */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "session.h"

/*
 * Chooses the first method of --auth that the client offers and that could get it anything
 * (RFC 1928 section 3); SOCKS5_METHOD_UNACCEPTABLE if there is none.
 */
uint8_t auth_choose(const struct session *s, const struct socks5_methods *offered);

/* Is the method none accepted, and could it get this client anything? */
bool auth_is_open(const struct session *s);

/* Holds the method's negotiation. Returns once the client is authenticated, or ends the session. */
void auth_run(struct session *s, uint8_t method);

/* Nobody is authenticated from here on: lets go of the users file. For who needs no auth_run(). */
void auth_over(const struct session *s);

/* RFC 1929; sets s->user. */
void auth_password(struct session *s);

#endif

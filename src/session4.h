/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOCKS 4 and 4a (--socks4): the request, which is all there is before the command. */
#ifndef SESSION4_H
#define SESSION4_H

#include "session.h"

/*
 * Reads the request, of which the first n bytes (1 or 2) are at head, into s->request, and its
 * user id into the record. Ends the session if it is malformed, no command of SOCKS 4, or if
 * nothing is to be had without authentication, which SOCKS 4 does not know.
 */
void session4_request(struct session *s, const uint8_t *head, size_t n);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOCKS 4 and 4a (--socks4): the request, the only message before the command. */
#ifndef SESSION4_H
#define SESSION4_H

#include "session.h"

/*
 * Reads the request, whose first n bytes (1 or 2) are at head, into s->request, and its user id
 * into the record. Ends the session if the request is malformed or its command unknown, or if the
 * client needs a password, because SOCKS 4 has none.
 */
void session4_request(struct session *s, const uint8_t *head, size_t n);

#endif

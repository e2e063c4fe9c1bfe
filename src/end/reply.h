/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translates an errno to a reply for the client and to the value of end= in the log, and encodes
 * replies in the version of the protocol that the client speaks. Pure.
 */
#ifndef END_REPLY_H
#define END_REPLY_H

#include "log/record.h"
#include "wire/socks4.h"
#include "wire/socks5.h"

enum { REPLY_MAX = SOCKS5_REPLY_MAX };

/* Returns the code of RFC 1928 section 6 for a negative errno of resolving or connecting. */
enum socks5_rep reply_from_errno(int err);

/*
 * Returns the value of end= in the log (picosocks5(8), LOG) for err: 0 for an end in order, or a
 * negative errno. Returns timed_out for -ETIMEDOUT: END_TIMEOUT if it means that the handshake took
 * too long, END_IDLE if it means that the relay was idle.
 */
enum record_end reply_end_from_errno(int err, enum record_end timed_out);

/*
 * Returns the words for error= in the log that belong to a negative errno of connecting or waiting.
 * Those of common errors do not depend on the C library; the others are strerror(3)'s.
 */
const char *reply_words(int err);

/*
 * Does the same for an address that the rules have allowed: -EACCES and -EPERM mean then that the
 * firewall or the routes of this host forbid it.
 */
const char *reply_words_allowed(int err);

/*
 * Returns the status of HTTP (RFC 9110 section 15) for a failure: the reply that SOCKS 5 has for
 * it, and the value of end=.
 */
unsigned reply_status(enum socks5_rep rep, enum record_end end);

/*
 * Encodes a reply in this version of the protocol, 4 or 5. flag and bound are those of
 * socks5_reply_encode(); version 4 has no flags. buf has room for REPLY_MAX bytes. Returns the
 * length; buf[1] is the code as sent.
 */
size_t reply_encode(uint8_t *buf, uint8_t version, enum socks5_rep rep, uint8_t flag,
		    const union endpoint *bound);

#endif

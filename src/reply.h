/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an errno means to the client, as a reply, and to the administrator, as the end in the log;
 * and replies in the version of the protocol that the client speaks. Pure.
 */
#ifndef REPLY_H
#define REPLY_H

#include "log/record.h"
#include "wire/socks4.h"
#include "wire/socks5.h"

enum { REPLY_MAX = SOCKS5_REPLY_MAX };

/* err: a negative errno of resolving or connecting. Returns the code of RFC 1928 section 6. */
enum socks5_rep reply_from_errno(int err);

/*
 * err: 0 for an end in order, or a negative errno; timed_out is what -ETIMEDOUT means here: the
 * handshake took too long (END_TIMEOUT), or the relay was idle (END_IDLE). Returns the value of
 * end= in the log; see picosocks5(8), LOG.
 */
enum record_end reply_end_from_errno(int err, enum record_end timed_out);

/*
 * Encodes a reply in this version of the protocol, 4 or 5; bound as socks5_reply_encode() takes
 * it. buf holds REPLY_MAX bytes. Returns the length; buf[1] is the code as sent.
 */
size_t reply_encode(uint8_t *buf, uint8_t version, enum socks5_rep rep,
		    const union endpoint *bound);

#endif

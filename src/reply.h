/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies: from errno to a code, one table (INTERFACE section 3), and onto the wire. Pure. */
#ifndef REPLY_H
#define REPLY_H

#include "wire/socks4.h"
#include "wire/socks5.h"

enum { REPLY_MAX = SOCKS5_REPLY_MAX };

/* err: a negative errno of resolving or connecting. */
enum socks5_rep reply_from_errno(int err);

/*
 * Encodes a reply in this version of the protocol, 4 or 5; bound as socks5_reply_encode() takes
 * it. buf holds REPLY_MAX bytes. Returns the length; buf[1] is the code as sent.
 */
size_t reply_encode(uint8_t *buf, uint8_t version, enum socks5_rep rep,
		    const union endpoint *bound);

#endif

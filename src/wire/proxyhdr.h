/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PROXY protocol's header, versions 1 and 2, as a load balancer sends it. Pure. */
#ifndef WIRE_PROXYHDR_H
#define WIRE_PROXYHDR_H

#include "wire/addr.h"

/* The longest part that is decoded: version 1's line, or version 2 up to its addresses. */
enum { PROXYHDR_MAX = 232 };

struct proxyhdr {
	bool local;	    /* LOCAL, UNKNOWN or UNSPEC: no addresses, the balancer's own stands */
	union endpoint src; /* the client, mapped IPv4 taken apart; AF_UNSPEC where local or unix */
	union endpoint dst; /* the address that the client reached; AF_UNSPEC likewise */
	size_t skip; /* bytes that follow (TLVs, all of LOCAL's) and are to be read and dropped */
};

/*
 * Need-more contract (wire/wire.h) over at most PROXYHDR_MAX bytes.
 * -EPROTO: neither signature; -EINVAL: malformed (a bad number, a missing CRLF, a length that
 * can't hold the addresses, an unknown command or family); -EMSGSIZE: a v1 line over 107 bytes.
 * PROXY with family UNSPEC tells nothing and counts as local; with a datagram protocol it is
 * -EINVAL. LOCAL ignores family and addresses.
 */
int proxyhdr_decode(const uint8_t *p, size_t n, struct proxyhdr *ret);

#endif

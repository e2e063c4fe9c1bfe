/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PROXY protocol's header, versions 1 and 2, as a load balancer sends it. Pure. */
#ifndef WIRE_PROXYHDR_H
#define WIRE_PROXYHDR_H

#include "wire/addr.h"

/* The longest part that is decoded: version 1's line, or version 2 up to its addresses. */
enum { PROXYHDR_MAX = 232 };

/*
 * Version 1 is a line of text, at most 107 bytes with its CRLF:
 *
 *     PROXY UNKNOWN\r\n
 *     PROXY UNKNOWN anything\r\n
 *     PROXY TCP6 2001:db8::7 2001:db8::1 51312 1080\r\n
 *     PROXY TCP4 192.0.2.7 198.51.100.1 51312 1080\r\n
 *                |         |            |     |
 *                source    destination  |     port of the destination
 *                                       port of the source
 *
 * Version 2 is binary. The drawing gives the length of each field in bytes, or its value:
 *
 *     +-----------------------------+---------+--------+-----+-----------+----------+
 *     |          signature          | VER+CMD | FAMILY | LEN | addresses |   TLVs   |
 *     +-----------------------------+---------+--------+-----+-----------+----------+
 *     | X'0D0A0D0A000D0A515549540A' |    1    |   1    |  2  | Variable  | Variable |
 *     +-----------------------------+---------+--------+-----+-----------+----------+
 *                                                          |<- LEN bytes in all ->|
 *
 * VER+CMD is X'20' for LOCAL and X'21' for PROXY. FAMILY says what the addresses are:
 *
 *                     +--------+-------------+----------+----------+
 *                     | source | destination | src port | dst port |
 *                     +--------+-------------+----------+----------+
 *     X'11', TCP/IPv4 |   4    |      4      |    2     |    2     |     12 bytes
 *     X'21', TCP/IPv6 |   16   |     16      |    2     |    2     |     36
 *     X'31', Unix     |  108   |     108     |                     |    216
 *     X'00', X'01'    |                                            |      0: unspecified
 *                     +--------------------------------------------+
 */
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

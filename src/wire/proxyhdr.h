/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header of the PROXY protocol, versions 1 and 2, in which a load balancer tells the address of
 * the client whose connection it passes on. Bytes to a struct. Pure.
 */
#ifndef WIRE_PROXYHDR_H
#define WIRE_PROXYHDR_H

#include "wire/addr.h"

/* The most that is decoded: version 2 up to the end of its addresses; TLVs are not. */
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
	bool local;	    /* LOCAL, UNKNOWN or unspecified: the header tells no address */
	union endpoint src; /* the client; AF_UNSPEC if local or Unix */
	union endpoint dst; /* the address that the client reached; AF_UNSPEC if local or Unix */
	size_t skip;	    /* bytes that follow, for the caller to read and drop */
};

/*
 * Decodes a header of either version. Need-more contract (wire/wire.h); it asks for PROXYHDR_MAX
 * bytes at most. Turns an IPv4-mapped address into IPv4. PROXY with an unspecified family counts
 * as local. In LOCAL, FAMILY is ignored, and the caller skips all LEN bytes.
 *
 * -EPROTO: neither signature. -EINVAL: a bad number, a missing CRLF, a LEN that can't hold the
 * addresses, an unknown command or family, or a datagram protocol. -EMSGSIZE: a line of version 1
 * that is longer than 107 bytes.
 */
int proxyhdr_decode(const uint8_t *p, size_t n, struct proxyhdr *ret);

#endif

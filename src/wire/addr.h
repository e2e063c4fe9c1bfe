/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Internet addresses as bytes and as text. Pure: nothing here opens a socket, asks a resolver or
 * allocates.
 */
#ifndef WIRE_ADDR_H
#define WIRE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An IPv4 or IPv6 address with its port; sa.sa_family is AF_UNSPEC if there is none. */
union endpoint {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Room for the longest text of addr_format(), with its NUL. */
#define ADDR_TEXT_MAX 56

/* A destination as a client names it: an address, or a name to be resolved. */
struct dest {
	union endpoint addr; /* AF_UNSPEC while the destination is a name */
	uint16_t port;	     /* host order; addr carries it too */
	char name[256];	     /* as the client sent it, NUL-terminated; empty for a literal */
};

/*
 * Reads a literal: IPv4 in four decimal parts, or IPv6, with or without brackets, without a zone.
 * Turns an IPv4-mapped address into IPv4. Sets the port to 0. Returns 0, or -EINVAL and leaves *ret
 * alone.
 */
int addr_parse(const char *text, union endpoint *ret);

/*
 * Reads a port number from 0 to 65535: decimal digits and nothing else. Returns 0, or -EINVAL and
 * leaves *ret alone.
 */
int addr_parse_port(const char *text, uint16_t *ret);

/*
 * Writes "192.0.2.7:51312" or "[2001:db8::1]:443", or nothing for AF_UNSPEC, and a NUL to
 * buf[ADDR_TEXT_MAX]. Returns the length.
 */
size_t addr_format(const union endpoint *addr, char *buf);

/* Writes the same without port and brackets: "192.0.2.7", "2001:db8::1". */
size_t addr_format_host(const union endpoint *addr, char *buf);

/* Makes *ret of an address of 4 or 16 bytes in network order and a port in host order. */
void addr_set_ipv4(union endpoint *ret, const uint8_t *bytes, uint16_t port);
void addr_set_ipv6(union endpoint *ret, const uint8_t *bytes, uint16_t port);

/* Returns the length for bind(2) and connect(2); 0 for AF_UNSPEC. */
socklen_t addr_len(const union endpoint *addr);

/* Returns the port in host order; 0 for AF_UNSPEC. */
uint16_t addr_port(const union endpoint *addr);

/* Sets the port; does nothing for AF_UNSPEC. */
void addr_set_port(union endpoint *addr, uint16_t port);

/* Turns an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) into IPv4; leaves others alone. */
void addr_unmap(union endpoint *addr);

/*
 * Returns true if the addresses are equal, scope ids included; ports are not compared. Two
 * AF_UNSPEC are not equal.
 */
bool addr_same_host(const union endpoint *a, const union endpoint *b);

/* Returns true if addr_same_host() is true and the ports are equal. */
bool addr_same(const union endpoint *a, const union endpoint *b);

/* Returns true for 127.0.0.0/8 and ::1. */
bool addr_is_loopback(const union endpoint *addr);

/* Returns true for 0.0.0.0 and ::, with any port. */
bool addr_is_unspecified(const union endpoint *addr);

/* An IPv4 address inside an IPv6 address. */
struct addr_embedded {
	uint32_t v4; /* host order */
	uint8_t bit; /* where it begins in the IPv6 address */
	bool guess;  /* one of the four readings of 64:ff9b:1::/48 */
};

enum { ADDR_EMBEDDED_MAX = 5 };

/*
 * Finds the IPv4 addresses that an IPv6 address carries: mapped and compatible (RFC 4291),
 * IPv4-translated ::ffff:0:0:0/96 (RFC 2765), NAT64 64:ff9b::/96 (RFC 6052), 6to4 2002::/16
 * (RFC 3056), Teredo 2001::/32 (RFC 4380, the client's address), and ISATAP ::0:5efe:a.b.c.d and
 * ::200:5efe:a.b.c.d in the last 64 bits (RFC 5214).
 *
 * Within 64:ff9b:1::/48 (RFC 8215) only the translator knows the length of its prefix, so each
 * length that RFC 6052 section 2.2 allows there is tried. Bits 64 to 71, u, are never part of the
 * IPv4 address:
 *
 *     48      56      64      72      80      88      96      104              128
 *     +-------+-------+-------+-------+-------+-------+-------+-------+---------+
 *     |    v4 (16)    |   u   |    v4 (16)    |             suffix              |  /48
 *     |       |v4 (8) |   u   |        v4 (24)        |         suffix          |  /56
 *     |               |   u   |            v4 (32)            |     suffix      |  /64
 *     |               |   u   |                       |         v4 (32)         |  /96
 *     +---------------+-------+-------------------------------------------------+
 *
 * Fills ret[ADDR_EMBEDDED_MAX]. Returns the number of addresses.
 */
unsigned addr_embedded_ipv4(const union endpoint *addr, struct addr_embedded *ret);

/*
 * Returns how many bits of that IPv4 address, 0 to 32, are among the first `bits` bits of the IPv6
 * address.
 */
unsigned addr_embedded_known(const struct addr_embedded *embedded, unsigned bits);

/*
 * Judges a name that a client sent, len bytes at p. Returns 0 and fills *ret: with the address if
 * the name is a literal, with the name otherwise. Returns -EINVAL if the name is empty or has a NUL
 * byte; -ENOENT if it must not be looked up, because
 *
 * - it is another spelling of an address (127.1, 0x7f.1, 2130706433), or has a zone;
 * - it is longer than 253 bytes, a final dot not counted;
 * - it has a byte other than letters, digits, '-', '_' and '.', or an empty label.
 *
 * It leaves *ret alone then.
 */
int addr_from_name(const uint8_t *p, size_t len, uint16_t port, struct dest *ret);

#endif

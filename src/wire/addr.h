/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Internet addresses as bytes and as text. Pure: nothing here opens a socket,
 * asks a resolver or allocates.
 */
#ifndef WIRE_ADDR_H
#define WIRE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An IPv4 or IPv6 address with its port; sa.sa_family is AF_UNSPEC where there is none. */
union endpoint {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* Room for the longest text of addr_format(), its final NUL included. */
#define ADDR_TEXT_MAX 56

/* A destination as a client names it: an address, or a name to be resolved. */
struct dest {
	union endpoint addr; /* AF_UNSPEC while the destination is a name */
	uint16_t port;	     /* host order; addr carries it too */
	char name[256];	     /* as asked for, NUL-terminated; empty for a literal */
};

/*
 * Reads a literal: IPv4 in four decimal parts, or IPv6 (brackets allowed, no zone).
 * An IPv4-mapped address becomes the IPv4 address. The port is left 0.
 * Returns 0, or -EINVAL and leaves *ret alone.
 */
int addr_parse(const char *text, union endpoint *ret);

/*
 * Reads a port number of 0 to 65535: decimal digits and nothing else.
 * Returns 0, or -EINVAL and leaves *ret alone.
 */
int addr_parse_port(const char *text, uint16_t *ret);

/*
 * Writes "192.0.2.7:51312" or "[2001:db8::1]:443" and a NUL to buf[ADDR_TEXT_MAX];
 * nothing but the NUL for AF_UNSPEC. Returns the length.
 */
size_t addr_format(const union endpoint *addr, char *buf);

/* The same without port and brackets: "192.0.2.7", "2001:db8::1". */
size_t addr_format_host(const union endpoint *addr, char *buf);

/* Builds an endpoint of 4 or 16 address bytes in network order; port in host order. */
void addr_set_ipv4(union endpoint *ret, const uint8_t *bytes, uint16_t port);
void addr_set_ipv6(union endpoint *ret, const uint8_t *bytes, uint16_t port);

/* The length that bind() and connect() want; 0 for AF_UNSPEC. */
socklen_t addr_len(const union endpoint *addr);

/* The port in host order; 0 for AF_UNSPEC. */
uint16_t addr_port(const union endpoint *addr);
void addr_set_port(union endpoint *addr, uint16_t port);

/* Turns an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) into IPv4; others stay. */
void addr_unmap(union endpoint *addr);

/* Equal addresses, whatever their ports; two AF_UNSPEC are not equal. Scope ids count. */
bool addr_same_host(const union endpoint *a, const union endpoint *b);

/* Equal addresses and ports. */
bool addr_same(const union endpoint *a, const union endpoint *b);

/* 127.0.0.0/8 and ::1. */
bool addr_is_loopback(const union endpoint *addr);

/* 0.0.0.0 and ::, whatever the port. */
bool addr_is_unspecified(const union endpoint *addr);

/* An IPv4 address inside of an IPv6 one. */
struct addr_embedded {
	uint32_t v4; /* host order */
	uint8_t bit; /* of the IPv6 address, where it begins */
	bool guess;  /* one of the four readings of 64:ff9b:1::/48 */
};

enum { ADDR_EMBEDDED_MAX = 5 };

/*
 * Takes the IPv4 addresses out of an IPv6 one that carries some: mapped and compatible
 * (RFC 4291), IPv4-translated ::ffff:0:0:0/96 (RFC 2765), NAT64 64:ff9b::/96 (RFC 6052), 6to4
 * 2002::/16 (RFC 3056), Teredo 2001::/32 (RFC 4380, the client's address), and, in the last 64
 * bits, ISATAP ::0:5efe:a.b.c.d and ::200:5efe:a.b.c.d (RFC 5214).
 *
 * Within 64:ff9b:1::/48 (RFC 8215) nobody but the translator knows the length of its prefix, so
 * each that RFC 6052 section 2.2 leaves is read. Bits 64 to 71 are never part of an address:
 *
 *     48                64      72
 *     +-----------------+-------+-----------------+---------------------------+
 *     |    v4 (16)      |   u   |    v4 (16)      |          suffix           |  /48
 *     |        | v4 (8) |   u   |         v4 (24)          |      suffix      |  /56
 *     |                 |   u   |              v4 (32)              |  suffix |  /64
 *     |                              |               v4 (32)                  |  /96
 *     +-----------------+-------+---------------------------------------------+
 *
 * Fills ret[ADDR_EMBEDDED_MAX]; returns how many there are.
 */
unsigned addr_embedded_ipv4(const union endpoint *addr, struct addr_embedded *ret);

/* How many bits of that IPv4 address the first bits of the IPv6 one say, 0 to 32. */
unsigned addr_embedded_known(const struct addr_embedded *embedded, unsigned bits);

/*
 * Judges a name that a client sent, len bytes at p (INTERFACE: domain names).
 * Returns 0 and fills *ret with port; either addr (the name is a literal, name empty) or
 * name is set. Negative: -EINVAL empty or with a NUL byte; -ENOENT nothing that may
 * be looked up: another spelling of a number (127.1, 0x7f.1, 2130706433), a zone,
 * over 253 bytes without a final dot, a byte that no host name has (only letters,
 * digits, '-', '_' and '.' are). *ret is untouched then.
 */
int addr_from_name(const uint8_t *p, size_t len, uint16_t port, struct dest *ret);

#endif

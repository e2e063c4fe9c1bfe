/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a destination to the addresses to try. Literals never touch the resolver. */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "net/socket.h"
#include "wire/addr.h"

enum { CANDIDATES_MAX = 64 };

/* Addresses with their port, in the order in which to try them. The array is another's. */
struct candidates {
	size_t n;
	union endpoint *addr;
};

/*
 * Finds the addresses of dest: a literal is its own; a name is looked up by the system's resolver
 * in a thread, and given up at the deadline, or when the client, at the descriptor watch, has left.
 * IPv6 and IPv4 alternate (RFC 8305 section 4), the family that the resolver or --family prefers
 * first. ret->addr is dest's own, or valid until the next call. Returns 0; -EAFNOSUPPORT for a
 * literal of a family that --family rules out; -ENOENT for a name that has no address or can't be
 * looked up (*why in words); the errors of blocking_call(); or another -errno.
 */
int resolve_dest(struct dest *dest, enum net_family family, int watch, int64_t deadline_ms,
		 struct candidates *ret, const char **why);

/*
 * What getaddrinfo(3) or getnameinfo(3) returned, and errno after it (0 before): -ENOENT, the name
 * was not found; -ENOMEM; or -EIO, the lookup failed; and *why in words.
 */
int resolve_error(int eai, int err, const char **why);

/*
 * The same for a name alone, without a deadline: blocks for as long as the system's resolver
 * takes, in whatever thread it is called. ret->addr is the caller's, of CANDIDATES_MAX.
 */
int resolve_blocking(const struct dest *dest, enum net_family family, struct candidates *ret,
		     const char **why);

#endif

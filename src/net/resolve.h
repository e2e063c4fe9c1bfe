/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a destination into the addresses to try. A literal address never touches the resolver. */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "net/socket.h"
#include "wire/addr.h"

enum { CANDIDATES_MAX = 64 };

/* Addresses with their port, in the order in which to try them. Does not own the array. */
struct candidates {
	size_t n;
	union endpoint *addr;
	const struct net_options **net; /* of each of them; NULL: all have the caller's */
};

/*
 * Finds the addresses of dest. A literal is its own address. A name is looked up by the system's
 * resolver, in a thread; the lookup is given up at the deadline, or when the client, at the
 * descriptor watch, has left. IPv6 and IPv4 addresses alternate (RFC 8305 section 4), beginning
 * with the family that --family prefers, or, without a preference, with that of the resolver's
 * first address. ret->addr points into dest, or into memory that is valid until the next call.
 *
 * Returns 0; -EAFNOSUPPORT for a literal of a family that --family excludes; -ENOENT if the name
 * has no address or can't be looked up (*why says it in words); the errors of blocking_call(); or
 * another -errno.
 */
int resolve_dest(struct dest *dest, enum net_family family, int watch, int64_t deadline_ms,
		 struct candidates *ret, const char **why);

/*
 * Translates an error of getaddrinfo(3) or getnameinfo(3); err is the errno after the call, which
 * must have been 0 before. Returns -ENOMEM for EAI_MEMORY, -EIO for EAI_SYSTEM, and -ENOENT for all
 * other errors: the name was not found. *why gets the reason in words.
 */
int resolve_error(int eai, int err, const char **why);

/*
 * Looks up a name as resolve_dest() does, but without a deadline: blocks the calling thread for as
 * long as the system's resolver takes. ret->addr is the caller's array of CANDIDATES_MAX.
 */
int resolve_blocking(const struct dest *dest, enum net_family family, struct candidates *ret,
		     const char **why);

#endif

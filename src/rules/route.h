/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A route: how a connection leaves this host. It stands after `via` in an allow rule, and in the
 * option via; picosocks5.conf(5) describes the language. Pure.
 */
#ifndef RULES_ROUTE_H
#define RULES_ROUTE_H

#include "rules/rules.h"
#include "base/text.h"

/* Which addresses of a name are used, and which come first (--family). */
enum net_family {
	FAMILY_ANY,
	FAMILY_IPV4,
	FAMILY_IPV6,
	FAMILY_PREFER_IPV4,
	FAMILY_PREFER_IPV6,
};

/* The name of a network interface, with its NUL: IFNAMSIZ of the kernel. */
enum { INTERFACE_SIZE = 16 };

/* One address per family; AF_UNSPEC if none was given. */
struct address_pair {
	union endpoint ipv4, ipv6;
};

/* A part of the text that was read, which must stay in place. */
struct route_text {
	const char *at; /* not NUL-terminated; NULL: there is none */
	size_t len;
};

enum parent_kind {
	PARENT_UNSAID,
	PARENT_NONE, /* `direct` */
	PARENT_SOCKS5,
	PARENT_HTTP, /* by CONNECT */
};

/* A proxy that the connection goes through. */
struct parent {
	enum parent_kind kind;
	uint16_t port;
	struct route_text host; /* a name, or an address without brackets */
	struct route_text path; /* of a unix socket, in place of host and port */
	struct route_text user; /* percent-encoded, as is the password; at NULL: no login */
	struct route_text password;
};

/* What is said of a connection. A member that is zero is not said. */
struct route {
	struct address_pair source;	/* local addresses of outgoing sockets */
	char interface[INTERFACE_SIZE]; /* of outgoing sockets */
	uint32_t mark;			/* their fwmark, if has_mark */
	bool has_mark;
	bool same; /* they leave from the address that the client reached */
	bool has_family;
	enum net_family family;
	uint64_t rate; /* bytes per second each way */
	struct parent parent;
};

/*
 * Reads a route: len bytes at text, from this line of this file (NULL: the command line). *ret
 * points into the text. Returns 0, or -EINVAL and fills *mistake, whose word never has a password.
 */
int route_parse(const char *text, size_t len, const char *file, unsigned line, struct route *ret,
		struct rules_error *mistake);

/* Reads a route again that was read without a mistake. *ret points into the text. */
void route_again(const char *text, size_t len, struct route *ret);

/* Returns true if the route leads through a parent. */
static inline bool route_has_parent(const struct route *r)
{
	return r->parent.kind == PARENT_SOCKS5 || r->parent.kind == PARENT_HTTP;
}

/* Returns true if the route says where to leave from: an address, or `same`. */
static inline bool route_has_source(const struct route *r)
{
	return r->same || r->source.ipv4.sa.sa_family || r->source.ipv6.sa.sa_family;
}

/* Adds to r what it leaves unsaid and base says. */
void route_complete(struct route *r, const struct route *base);

/*
 * Decodes the percent-encoding of a user or a password into size bytes, without a NUL. Returns the
 * length, or -EINVAL if it is malformed or does not fit.
 */
int route_decode(struct route_text text, char *ret, size_t size);

/* ---- route_fit.c: routes compared ---- */

/*
 * Returns true if the sockets of both routes are alike: in source, interface, mark, and whether
 * there is a parent.
 */
bool route_alike(const struct route *a, const struct route *b);

/*
 * Returns true if the routes have the same parent, or none: one that stands at the same place of
 * the text that they were read from.
 */
bool route_same_parent(const struct route *a, const struct route *b);

/*
 * Returns true if two addresses of one destination can be tried together, because the routes have
 * no parent, or the same one. The routes were read from the same texts, or completed by one base.
 */
bool route_together(const struct route *a, const struct route *b);

/*
 * Returns the family to look a name up for, if each of its addresses may have the route of another
 * rule: that of the options, or any if it excludes one that such a route may want.
 */
enum net_family route_lookup_family(const struct rules *rules, enum net_family options);

/*
 * Returns why a route, which base has completed, does not use addresses of this family, as a
 * constant sentence; NULL: it uses them.
 */
const char *route_excludes(const struct route *r, const struct route *base, int family);

/* ---- mask.c: no password of a parent is ever shown ---- */

/* Returns the place of the password in a route that was read without a mistake; at NULL: none. */
struct route_text route_password(const char *text, size_t len);

/* Appends the text, a route or a rule, with *** in place of the password in it. */
void route_mask(struct text *t, const char *text, size_t len, struct route_text password);

/* ---- route_word.c: values that the options have as well ---- */

/* The words of the mistake, after "expected". */
#define ROUTE_INTERFACE "the name of a network interface, like eth0, of at most 15 bytes"
#define ROUTE_MARK	"a number from 0 to 4294967295, or 0x and hex digits"
#define ROUTE_RATE	"at most 1000G bytes per second, like 500k, 10M or 1G"

/* Reads the name of an interface. Returns false if it can't be one. */
bool route_interface(const char *p, size_t len, char ret[INTERFACE_SIZE]);

/* Reads a mark: a number from 0 to 4294967295, or 0x and hex digits. */
bool route_mark(const char *p, size_t len, uint32_t *ret);

/* Reads a rate: bytes per second, perhaps with k, M or G (powers of 1000), at most 1000G. */
bool route_rate(const char *p, size_t len, uint64_t *ret);

/*
 * Reads an address of a source into the pair. Returns false if it is none, if it is unspecified,
 * or if the pair has one of this family.
 */
bool route_source(const char *p, size_t len, struct address_pair *pair);

#endif

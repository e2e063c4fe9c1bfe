/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls getaddrinfo(3) under a deadline, and puts the addresses in order. Does not judge them: the
 * rules say later which of them may be connected to.
 */
#include "net/resolve.h"
#include "base/cold.h"
#include "base/blocking.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>

static int family_of(enum net_family family)
{
	return family == FAMILY_IPV4 ? AF_INET : family == FAMILY_IPV6 ? AF_INET6 : AF_UNSPEC;
}

static bool is_known(const struct candidates *c, const union endpoint *addr)
{
	for (size_t i = 0; i < c->n; i++)
		if (addr_same(&c->addr[i], addr))
			return true;
	return false;
}

/* Appends the next address of this family from *ai on. Returns false at the end of the list. */
static bool take(struct candidates *c, const struct addrinfo **ai, int family, uint16_t port)
{
	for (; *ai; *ai = (*ai)->ai_next) {
		union endpoint addr = { 0 };

		if ((*ai)->ai_family != family || (*ai)->ai_addrlen > sizeof(addr))
			continue;
		memcpy(&addr, (*ai)->ai_addr, (*ai)->ai_addrlen);
		addr_set_port(&addr, port);
		addr_unmap(&addr);
		if (is_known(c, &addr))
			continue;
		if (c->n < CANDIDATES_MAX)
			c->addr[c->n++] = addr;
		*ai = (*ai)->ai_next;
		return true;
	}
	return false;
}

/* Takes one address of each family in turn, the preferred one first (RFC 8305 section 4). */
static void interleave(struct candidates *c, const struct addrinfo *list, enum net_family family,
		       uint16_t port)
{
	const struct addrinfo *next[2] = { list, list };
	int order[2] = { AF_INET6, AF_INET };
	bool more = true;

	if (family == FAMILY_PREFER_IPV4 || (family == FAMILY_ANY && list->ai_family == AF_INET)) {
		order[0] = AF_INET;
		order[1] = AF_INET6;
	}
	for (c->n = 0; more;) {
		more = take(c, &next[0], order[0], port);
		more |= take(c, &next[1], order[1], port);
	}
}

static const char *words(int eai, int err)
{
	if (eai == EAI_NONAME)
		return "the name was not found";
	if (eai == EAI_NODATA)
		return "the name has no address";
	if (eai == EAI_AGAIN)
		return "the name servers did not answer, or failed";
	return eai == EAI_SYSTEM && err ? strerror(err) : gai_strerror(eai);
}

int resolve_error(int eai, int err, const char **why)
{
	*why = words(eai, err);
	if (eai == EAI_MEMORY)
		return -ENOMEM;
	/* Don't return errno: it may be 0, or pass for an error of a connection or a wait. */
	return eai == EAI_SYSTEM ? -EIO : -ENOENT;
}

/* Some C libraries compare names with hosts(5) case-sensitively. */
static struct dest in_lower_case(const struct dest *dest)
{
	struct dest ret = *dest;

	for (char *p = ret.name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	return ret;
}

int resolve_blocking(const struct dest *dest, enum net_family family, struct candidates *ret,
		     const char **why)
{
	const struct addrinfo hints = { .ai_family = family_of(family),
					.ai_socktype = SOCK_STREAM };
	const struct dest asked = in_lower_case(dest);
	struct addrinfo *list;
	int eai;

	errno = 0;
	eai = getaddrinfo(asked.name, NULL, &hints, &list);

	if (eai)
		return resolve_error(eai, errno, why);
	interleave(ret, list, family, dest->port);
	freeaddrinfo(list);
	if (ret->n)
		return 0;
	*why = "the name has no address";
	return -ENOENT;
}

/* The lookup that the thread works on. */
struct single_lookup {
	const struct dest *dest;
	enum net_family family;
	union endpoint addr[CANDIDATES_MAX];
	struct candidates found; /* in addr */
	const char *why;
	int err;
};

static void look_up(void *arg)
{
	struct single_lookup *l = arg;

	l->err = resolve_blocking(l->dest, l->family, &l->found, &l->why);
}

/* Static, because the thread may outlive a wait that fails. */
COLD struct single_lookup resolve_single;

static int resolve_name(const struct dest *dest, enum net_family family, int watch,
			int64_t deadline_ms, struct candidates *ret, const char **why)
{
	struct single_lookup *l = &resolve_single;
	int err;

	l->dest = dest;
	l->family = family;
	l->found.addr = l->addr;
	err = blocking_call(look_up, l, watch, deadline_ms);
	if (err < 0)
		return err;
	*why = l->why;
	*ret = l->found;
	return l->err;
}

int resolve_dest(struct dest *dest, enum net_family family, int watch, int64_t deadline_ms,
		 struct candidates *ret, const char **why)
{
	int only = family_of(family);

	if (dest->name[0])
		return resolve_name(dest, family, watch, deadline_ms, ret, why);
	if (only != AF_UNSPEC && only != dest->addr.sa.sa_family)
		return -EAFNOSUPPORT;
	addr_set_port(&dest->addr, dest->port);
	ret->n = 1;
	ret->addr = &dest->addr;
	ret->net = NULL;
	return 0;
}

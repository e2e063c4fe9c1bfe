/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A resolver whose answers depend on the first and the last letter of a name. The program asks it
 * from threads of its own.
 */
#include "world.h"
#include "net/resolve_many.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MANY = 70, PATIENCE_MS = 20000 };

static atomic_int silent;    /* lookups that are never answered */
static int asked, forgotten; /* lookups of an association */
static int event = -1;
static bool has_association;

int __real_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret);
int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret);
void __real_freeaddrinfo(struct addrinfo *list);
void __wrap_freeaddrinfo(struct addrinfo *list);
int __real_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t hostlen,
		       char *serv, socklen_t servlen, int flags);
int __wrap_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t hostlen,
		       char *serv, socklen_t servlen, int flags);
int __real_eventfd(unsigned value, int flags);
int __wrap_eventfd(unsigned value, int flags);
int __real_resolve_many_init(struct resolve_many *l, enum net_family family);
int __wrap_resolve_many_init(struct resolve_many *l, enum net_family family);
int __real_resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag);
int __wrap_resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag);
void __real_resolve_many_forget(struct resolve_many *l, struct lookup *job);
void __wrap_resolve_many_forget(struct resolve_many *l, struct lookup *job);

static void add(struct addrinfo **list, const union endpoint *addr, const struct addrinfo *hints)
{
	struct addrinfo *ai, **end = list;
	union endpoint *kept;

	if (hints->ai_family != AF_UNSPEC && hints->ai_family != addr->sa.sa_family)
		return;
	ai = calloc(1, sizeof(*ai) + sizeof(*kept));
	MUST(ai);
	kept = (union endpoint *)(void *)(ai + 1);
	*kept = *addr;
	ai->ai_family = addr->sa.sa_family;
	ai->ai_addr = &kept->sa;
	ai->ai_addrlen = addr_len(addr);
	while (*end)
		end = &(*end)->ai_next;
	*end = ai;
}

static void add_text(struct addrinfo **list, const char *text, const struct addrinfo *hints)
{
	union endpoint addr;

	MUST(addr_parse(text, &addr) == 0);
	add(list, &addr, hints);
}

static _Noreturn void never_answer(void)
{
	atomic_fetch_add(&silent, 1);
	for (;;)
		pause();
}

/* Lists the addresses of a name, which may be none. */
static void look_up(const char *name, const struct addrinfo *hints, struct addrinfo **list)
{
	uint8_t last = (uint8_t)name[strlen(name) - 1];
	union endpoint addr;

	switch (tolower((unsigned char)*name)) {
	case 'l':
		add_text(list, "127.0.0.1", hints);
		add_text(list, "::1", hints);
		add_text(list, "64:ff9b::7f00:1", hints);
		return;
	case 'd':
		add_text(list, "203.0.113.8", hints);
		return;
	case 'v':
		addr = net_host(last, AF_INET6);
		add(list, &addr, hints);
		return;
	case 'i':
		addr = net_host(last, AF_INET);
		add(list, &addr, hints);
		return;
	}
	for (int i = 0; i < (*name == 'm' ? MANY : 1); i++) {
		addr = net_host((uint8_t)(last + i / 2), AF_INET6);
		add(list, &addr, hints);
		addr = net_host((uint8_t)(last + i), AF_INET);
		add(list, &addr, hints);
	}
}

int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **ret)
{
	if (!world_is_on())
		return __real_getaddrinfo(node, service, hints, ret);
	*ret = NULL;
	MUST(*node && strlen(node) <= 254 && !strpbrk(node, " %/:"));
	switch (tolower((unsigned char)*node)) {
	case 's':
		never_answer();
	case 'f':
		return EAI_AGAIN;
	case 'e':
		errno = EMFILE;
		return EAI_SYSTEM;
	case 'n':
		return EAI_NONAME;
	}
	look_up(node, hints, ret);
	return *ret ? 0 : EAI_NONAME;
}

void __wrap_freeaddrinfo(struct addrinfo *list)
{
	if (!world_is_on()) {
		__real_freeaddrinfo(list);
		return;
	}
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list);
		list = next;
	}
}

int __wrap_getnameinfo(const struct sockaddr *addr, socklen_t len, char *host, socklen_t hostlen,
		       char *serv, socklen_t servlen, int flags)
{
	uint8_t last;

	if (!world_is_on())
		return __real_getnameinfo(addr, len, host, hostlen, serv, servlen, flags);
	last = ((const uint8_t *)addr)[addr->sa_family == AF_INET ? 7 : 23] & 7;
	if (last == 1)
		never_answer();
	if (last == 2)
		return EAI_NONAME;
	if (last == 3) {
		errno = ENOMEM;
		return EAI_SYSTEM;
	}
	memset(host, 'h', hostlen);
	host[last == 4 ? hostlen - 1 : last == 5 ? 0 : last == 6 ? 255 : 10] = '\0';
	return 0;
}

/* The program makes one for each lookup of the conversation, or one for an association. */
int __wrap_eventfd(unsigned value, int flags)
{
	int fd = __real_eventfd(value, flags);

	if (world_is_on())
		event = fd;
	return fd;
}

int __wrap_resolve_many_init(struct resolve_many *l, enum net_family family)
{
	has_association = true;
	return __real_resolve_many_init(l, family);
}

int __wrap_resolve_many_ask(struct resolve_many *l, const struct dest *dest, size_t tag)
{
	int err = __real_resolve_many_ask(l, dest, tag);

	asked += err == 0;
	return err;
}

void __wrap_resolve_many_forget(struct resolve_many *l, struct lookup *job)
{
	forgotten++;
	__real_resolve_many_forget(l, job);
}

/* True if an answer is due. If every thread waits for ever, none is. */
static bool is_coming(void)
{
	int lost = atomic_load(&silent);

	if (!has_association)
		return lost == 0;
	return asked - forgotten > lost && lost < LOOKUPS_THREADS;
}

void names_closed(int fd)
{
	if (fd == event)
		event = -1;
}

bool names_wait(int fd)
{
	struct pollfd p = { .fd = event, .events = POLLIN };

	if (fd != event || fd < 0)
		return false;
	for (int i = 0; i < PATIENCE_MS && is_coming(); i++)
		if (poll(&p, 1, 1) > 0)
			return true;
	MUST(!is_coming());
	return false;
}

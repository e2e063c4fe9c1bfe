/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access rules: text becomes a compact table, and the table answers questions. Pure: never touches
 * a file, a socket, the resolver, the service database or the heap. The functions in struct
 * rules_host and struct rules_query do that for it. picosocks5.conf(5) describes the language.
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/mistake.h"
#include "wire/addr.h"

enum rules_verdict {
	RULES_DENY,
	RULES_ALLOW,
	RULES_DEPENDS, /* the question leaves something open, and the answer depends on that */
};

/* The kinds of client. The zero value is the kind that is allowed least. */
enum client_kind {
	CLIENT_UNKNOWN,	 /* its address could not be understood: only `from any` matches it */
	CLIENT_LOCAL,	 /* a pipe or a unix socket */
	CLIENT_INTERNET, /* has an address; from a loopback address it is local as well */
};

/* Commands as bits, so that a rule can hold a set of them. */
enum rules_command {
	RULES_CONNECT = 1,
	RULES_BIND = 2,
	RULES_UDP = 4,
	RULES_RESOLVE = 8, /* RESOLVE and RESOLVE_PTR */
};

/* The bytes of a list file. They and the name must stay in place as long as the rules exist. */
struct rules_list {
	const char *file; /* the name for error messages */
	const char *text;
	size_t len;
};

/* The functions that the parser needs. Any of them may be NULL: then it is not available. */
struct rules_host {
	void *ctx; /* passed to each function */

	/*
	 * Resizes the block `old` (NULL at first) from old_size to new_size bytes, as mremap()
	 * does; the block may move. new_size 0 frees it. The block is aligned for any type. Returns
	 * NULL if there is no memory.
	 */
	void *(*grow)(void *ctx, void *old, size_t old_size, size_t new_size);

	/*
	 * Finds the port of a service that is not in the table of port.c. Returns 0, -ENOENT if
	 * there is no such service, or another negative errno.
	 */
	int (*service)(void *ctx, const char *name, size_t len, uint16_t *ret);

	/*
	 * Reads the file of `@PATH`. A relative path is relative to the file `near` (NULL: the
	 * command line). Called once for each path. Returns 0 or a negative errno.
	 */
	int (*list)(void *ctx, const char *path, size_t len, const char *near,
		    struct rules_list *ret);

	/* Releases the text of such a file, when the rules are freed. */
	void (*release)(void *ctx, const struct rules_list *list);
};

/* The table. Its members are for rules/ alone. Before the first rule all but host are zero. */
struct rules {
	const struct rules_host *host;
	unsigned char *memory; /* one block of host->grow(), which may move */
	uint32_t size, used;
	uint32_t last;	/* offset of the newest rule */
	uint32_t lists; /* offset of the newest list */
	uint32_t count;
	bool has_parent; /* the route of some rule leads through a parent */
	uint32_t routes; /* the number of rules with `via` */
};

/* Where a rule stands. */
struct rules_where {
	const char *file; /* as given to rules_parse(); NULL: the command line */
	unsigned line;
	const char *text; /* without `allow` or `deny`, not NUL-terminated; NULL: no rule */
	size_t text_len;
	const char *route; /* what follows `via` in the text; NULL: there is no `via` */
	size_t route_len;
	enum rules_verdict verdict;
};

/*
 * Appends a rule: the len bytes at text, from line origin_line of origin_file (NULL: the command
 * line). The table points into text and origin_file, so both must stay in place as long as the
 * rules exist. Returns 0, or a negative errno and fills *mistake: -EINVAL for a mistake, -ENOMEM,
 * or an error of host->list() or host->service() (-ENOENT from the latter is a mistake). After an
 * error the table holds the same rules as before.
 */
int rules_parse(struct rules *rules, enum rules_verdict verdict, const char *text, size_t len,
		const char *origin_file, unsigned origin_line, struct rules_error *mistake);

/*
 * Finds the next mistake in a list, after *mistake, which was found in it. Returns false if there
 * is none, or no memory. For reports of all mistakes: the rule that names the list has failed
 * already.
 */
bool rules_next_mistake(const struct rules_host *host, struct rules_error *mistake);

/*
 * Walks through the rules in their order: fills *ret with the next rule and moves *at to it. *at is
 * 0 at first. Returns false at the end.
 */
bool rules_walk(const struct rules *rules, uint32_t *at, struct rules_where *ret);

/* Returns true if the route of some rule leads through a parent. */
bool rules_have_parent(const struct rules *rules);

/* Fills *ret with the newest rule. There must be one. */
void rules_newest(const struct rules *rules, struct rules_where *ret);

/* Frees the memory and the lists. Ask nothing of the rules afterwards. */
void rules_free(struct rules *rules);

/*
 * Returns 1 if addr is an address of this host, 0 if it is not, or a negative errno if that can't
 * be found out. `client` means that addr is the client's address, and not a destination.
 */
typedef int rules_is_self(const void *ctx, const union endpoint *addr, bool client);

/* A question. A member that is zero is not known, or not there. */
struct rules_query {
	enum client_kind kind;
	const union endpoint *client; /* of CLIENT_INTERNET, unmapped; else NULL or AF_UNSPEC */
	const char *user;	      /* the authenticated user; NULL: none, or see any_user */
	bool any_user;		      /* user is NULL, and stands for a user that is not known */
	enum rules_command command;

	/*
	 * The destination. name is the name that the client asked for, NULL or empty for a literal.
	 * addr (unmapped) is an address that would be connected to or sent to, or the peer of a
	 * BIND, expected or arrived. NULL and AF_UNSPEC mean "not known yet"; pass NULL for the
	 * unspecified address of a BIND or UDP ASSOCIATE *request* as well. Port 0 is not known yet
	 * either; pass 0 for the request of UDP ASSOCIATE, because its port is the client's own.
	 * RESOLVE has no port.
	 */
	const char *name;
	const union endpoint *addr;
	uint16_t port;

	/*
	 * Called at most once for each address. If it fails, or is NULL and would be needed,
	 * nothing is allowed.
	 */
	rules_is_self *is_self;
	const void *ctx; /* passed to is_self() */
};

/* Why a destination is special. The first that applies, in this order. */
enum rules_special {
	RULES_ORDINARY,
	RULES_UNSPECIFIED, /* 0.0.0.0/8, :: */
	RULES_LOOPBACK,	   /* 127.0.0.0/8, ::1 */
	RULES_LINK_LOCAL,  /* 169.254.0.0/16, fe80::/10 */
	RULES_MULTICAST,   /* 224.0.0.0/4, 255.255.255.255, ff00::/8 */
	RULES_METADATA,	   /* a cloud's metadata service outside link-local */
	RULES_SELF,	   /* an address of this host */
};

/* The reason of a decision. */
enum rules_reason {
	RULES_BY_RULE,	   /* .rule was the first to match */
	RULES_BY_NO_MATCH, /* there are rules, and none matched */
	/*
	 * .rule matches, but does not name the special destination. .rule.text is NULL if there are
	 * no rules and an authenticated user asked.
	 */
	RULES_BY_SPECIAL,
	RULES_BY_DEFAULT_LOCAL, /* no rules: a local client may go anywhere */
	RULES_BY_DEFAULT_USER,	/* no rules: an authenticated user may go anywhere ordinary */
	RULES_BY_DEFAULT_NONE,	/* no rules: all other clients are denied */
	RULES_BY_UNKNOWN, /* the verdict is RULES_DEPENDS; .rule is the first that may match */
	RULES_BY_FAILURE, /* is_self() failed with .err: denied, whatever the rules say */
};

struct rules_decision {
	enum rules_verdict verdict;
	enum rules_reason reason;
	enum rules_special special; /* of the address asked about, if it mattered */
	bool disguised; /* the IPv4 address inside the IPv6 address is the special one */
	/*
	 * A rule before .rule may match as well, and would allow too. Once the address is known,
	 * the rule may be another one.
	 */
	bool open;
	int err; /* of RULES_BY_FAILURE */
	struct rules_where rule;
};

/*
 * Decides, fills the whole of *ret, and returns the verdict. Returns RULES_DEPENDS only if the
 * address, the port, the command or the user is not known: one of them would be allowed, and
 * another denied. RULES_DENY is final: nothing that is still unknown could change it. So, while the
 * destination is not known yet, refuse a request only on RULES_DENY, and ask about each address
 * when it is known.
 */
enum rules_verdict rules_decide(const struct rules *rules, const struct rules_query *query,
				struct rules_decision *ret);

/*
 * Returns true if this client could be allowed anything at all: without a user name, or, if
 * `authenticated` is set, with any user name. If it returns false, no request of the client can
 * succeed, and no method of authentication need be offered.
 */
bool rules_may_client(const struct rules *rules, enum client_kind kind,
		      const union endpoint *client, bool authenticated);

/* Returns true if the client comes from a loopback address, a unix socket or a pipe. */
bool rules_client_is_local(enum client_kind kind, const union endpoint *client);

/* Returns true if the address is in the group private: RFC 1918, RFC 6598 or RFC 4193. */
bool rules_is_private(const union endpoint *addr);

/*
 * Returns why addr is special, or RULES_ORDINARY. Finds RULES_SELF with is_self(), unless that is
 * NULL. Sets *disguised (may be NULL) to whether the IPv4 address inside the IPv6 address is the
 * special one.
 */
enum rules_special rules_special(const union endpoint *addr, rules_is_self *is_self,
				 const void *ctx, bool *disguised);

#endif

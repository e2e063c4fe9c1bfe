/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access rules: text to a compact table, and questions put to that table. Pure: no file, socket,
 * resolver, service database or heap is touched here; what is needed of them comes through
 * struct rules_host and struct rules_query. The language is that of picosocks5.conf(5).
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/addr.h"

enum rules_verdict {
	RULES_DENY,
	RULES_ALLOW,
	RULES_DEPENDS, /* only of questions that leave something open: on what is still unknown */
};

/* Who asks. The zero value is the one that gets least. */
enum client_kind {
	CLIENT_UNKNOWN,	 /* an address that nobody could understand: matched by `from any` alone */
	CLIENT_LOCAL,	 /* a pipe or a unix socket */
	CLIENT_INTERNET, /* has an address; from loopback it is local as well */
};

/* Commands as bits, so that a rule can carry a set of them. */
enum rules_command {
	RULES_CONNECT = 1,
	RULES_BIND = 2,
	RULES_UDP = 4,
	RULES_RESOLVE = 8, /* RESOLVE and RESOLVE_PTR */
};

/* The bytes of a list file; they and the name must stay where they are as long as the rules. */
struct rules_list {
	const char *file; /* the name that errors show */
	const char *text;
	size_t len;
};

/* What the parser needs from outside. Every function may be NULL: then it gives nothing. */
struct rules_host {
	void *ctx; /* handed to each function */

	/*
	 * As mremap(): makes the block old (NULL at first) of old_size bytes one of new_size, which
	 * may move; 0 gives it back. Aligned for any type. NULL: no memory.
	 */
	void *(*grow)(void *ctx, void *old, size_t old_size, size_t new_size);

	/*
	 * The port of a service name that rules.c doesn't know itself. Returns 0; -ENOENT: there is
	 * none; or another negative errno.
	 */
	int (*service)(void *ctx, const char *name, size_t len, uint16_t *ret);

	/*
	 * Brings the file of `@PATH`, a relative path being relative to the file `near`
	 * (NULL: the command line). Asked once for each path. Returns 0 or a negative errno.
	 */
	int (*list)(void *ctx, const char *path, size_t len, const char *near,
		    struct rules_list *ret);

	/* Takes back the text of such a file, when the rules are freed. */
	void (*release)(void *ctx, const struct rules_list *list);
};

/* The table. All members belong to policy/rules*.c; zero but for host before the first rule. */
struct rules {
	const struct rules_host *host;
	unsigned char *memory; /* one block of host->grow(), which may move */
	uint32_t size, used;
	uint32_t last;	/* offset of the newest rule */
	uint32_t lists; /* offset of the newest list */
	uint32_t count;
};

/* A mistake: `FILE:LINE: found "WORD", expected EXPECTED`. */
struct rules_error {
	const char *file;     /* the rule's origin, or the list file; NULL: the command line */
	unsigned line;	      /* 0: none */
	const char *word;     /* what was found, inside the text that was given; not terminated */
	size_t word_len;      /* 0: the end */
	size_t column;	      /* offset of word in the rule, or in the line of the list file */
	const char *expected; /* a phrase, constant */
	int err;	      /* what was returned */
	bool unread;	      /* it is what host->list() gave, the word being the file */
};

/* Where a rule stands. */
struct rules_where {
	const char *file; /* as given to rules_parse(); NULL: the command line */
	unsigned line;
	const char *text; /* the rule without `allow` or `deny`, not terminated; NULL: no rule */
	size_t text_len;
	enum rules_verdict verdict;
};

/*
 * Appends the rule of len bytes at text, which stand in origin_file (NULL: the command line) at
 * origin_line. Text and name are pointed into, so they must stay where they are as long as the
 * rules. Returns 0, or a negative error and fills *mistake: -EINVAL for a mistake, -ENOMEM, or what
 * host->list gave for a file or host->service for a name (but -ENOENT is a mistake). After an
 * error the table holds the rules that it had before.
 */
int rules_parse(struct rules *rules, enum rules_verdict verdict, const char *text, size_t len,
		const char *origin_file, unsigned origin_line, struct rules_error *mistake);

/*
 * Goes through the rules in their order: fills *ret with the rule at *at and moves *at to the
 * next one; *at is 0 at first. Returns false at the end.
 */
bool rules_walk(const struct rules *rules, uint32_t *at, struct rules_where *ret);

/* Gives the memory back. Afterwards there are no rules, and none must be asked about. */
void rules_free(struct rules *rules);

/*
 * Is this an address of this host? client: it is where the client comes from, not a destination.
 * Returns 1, 0, or a negative errno where that can't be told.
 */
typedef int rules_is_self(const void *ctx, const union endpoint *addr, bool client);

/* A question. What is zero is not known, or not there. */
struct rules_query {
	enum client_kind kind;
	const union endpoint *client; /* of CLIENT_INTERNET, unmapped; NULL or AF_UNSPEC else */
	const char *user;	      /* the authenticated user; NULL: none */
	enum rules_command command;

	/*
	 * The destination. name is what the client asked for, NULL or empty for a literal. addr
	 * is an address that would be connected to or sent to (unmapped), or the peer that BIND
	 * expects or got; NULL, AF_UNSPEC or the unspecified address of a BIND or UDP ASSOCIATE
	 * *request* (the caller passes NULL for it): not known yet. A port 0 is not known yet
	 * either; pass 0 for the request of UDP ASSOCIATE, whose port is the client's. RESOLVE
	 * has no port.
	 */
	const char *name;
	const union endpoint *addr;
	uint16_t port;

	/* Asked at most once for an address. Nothing is allowed where it can't tell, or is NULL. */
	rules_is_self *is_self;
	const void *ctx; /* handed to it */
};

/* What makes a destination special. The first that applies, in this order. */
enum rules_special {
	RULES_ORDINARY,
	RULES_UNSPECIFIED, /* 0.0.0.0/8, :: */
	RULES_LOOPBACK,	   /* 127.0.0.0/8, ::1 */
	RULES_LINK_LOCAL,  /* 169.254.0.0/16, fe80::/10 */
	RULES_MULTICAST,   /* 224.0.0.0/4, 255.255.255.255, ff00::/8 */
	RULES_METADATA,	   /* a cloud's metadata service outside link-local */
	RULES_SELF,	   /* an address of this host */
};

/* Why it was decided so. */
enum rules_reason {
	RULES_BY_RULE,		/* .rule matched first */
	RULES_BY_NO_MATCH,	/* there are rules, and none matched */
	RULES_BY_SPECIAL,	/* no match, but .rule would, did it name the special destination;
				 * without rules: .rule.text is NULL, an authenticated user asked */
	RULES_BY_DEFAULT_LOCAL, /* no rules: a local client may go anywhere */
	RULES_BY_DEFAULT_USER,	/* no rules: an authenticated user may go anywhere ordinary */
	RULES_BY_DEFAULT_NONE,	/* no rules: everybody else is denied */
	RULES_BY_UNKNOWN,	/* verdict RULES_DEPENDS; .rule is the first that may match */
	RULES_BY_FAILURE,	/* is_self() gave .err: denied, whatever the rules are */
};

struct rules_decision {
	enum rules_verdict verdict;
	enum rules_reason reason;
	enum rules_special special; /* of the address asked for, if it mattered */
	bool disguised;		    /* special is so by the IPv4 address inside the IPv6 one */
	int err;		    /* of RULES_BY_FAILURE */
	struct rules_where rule;
};

/*
 * Decides; the whole of ret is filled. RULES_DEPENDS comes only where address, port or command
 * are not known: some address or port would be allowed, another denied. RULES_DENY is final:
 * nothing that is still unknown could change it. So a request with an unknown destination is
 * refused on RULES_DENY alone, and each address is asked about when it is known.
 */
enum rules_verdict rules_decide(const struct rules *rules, const struct rules_query *query,
				struct rules_decision *ret);

/*
 * Could this client be allowed anything at all, if it is an authenticated user (of whatever
 * name), or if it is none? false: no request of it can succeed, so no method need be offered.
 */
bool rules_may_client(const struct rules *rules, enum client_kind kind,
		      const union endpoint *client, bool authenticated);

/* Loopback, unix socket or pipe. */
bool rules_client_is_local(enum client_kind kind, const union endpoint *client);

/*
 * What of addr is special (RULES_SELF by is_self, NULL: not asked); *disguised (NULL: not wanted)
 * tells that it is the IPv4 address inside of an IPv6 one.
 */
enum rules_special rules_special(const union endpoint *addr, rules_is_self *is_self,
				 const void *ctx, bool *disguised);

#endif

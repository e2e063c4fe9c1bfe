/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one client of this process: its descriptors, and who it is. activate.h finds both. */
#ifndef CLIENT_H
#define CLIENT_H

#include "base/stream.h"
#include "rules/rules.h"
#include "wire/addr.h"

#include <stdbool.h>

struct client {
	struct stream stream;
	bool owns_fd2; /* descriptor 2 is the client's too, or there is none */
	enum client_kind kind;
	union endpoint addr;	/* the client's, mapped IPv4 taken apart; AF_UNSPEC: none */
	union endpoint reached; /* our address that it reached; AF_UNSPEC: not known (yet) */
};

/* Loopback, unix socket or pipe. */
static inline bool client_is_local(const struct client *c)
{
	return rules_client_is_local(c->kind, &c->addr);
}

#endif

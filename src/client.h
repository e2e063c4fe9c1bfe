/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one client of this process: its descriptors, and who it is. activate() fills it in. */
#ifndef CLIENT_H
#define CLIENT_H

#include "base/stream.h"
#include "rules/rules.h"
#include "wire/addr.h"

#include <stdbool.h>

struct client {
	struct stream stream;
	bool owns_fd2; /* stderr is the client's connection, or was closed: write nothing to it */
	enum client_kind kind;
	union endpoint addr;	/* the client's, IPv4-mapped as IPv4; AF_UNSPEC: none */
	bool paired;		/* a TCP socket that the superserver has connected to itself */
	union endpoint reached; /* the address of ours that it reached; AF_UNSPEC: not known */
};

/* Returns true for loopback addresses, unix sockets and pipes. */
static inline bool client_is_local(const struct client *c)
{
	return rules_client_is_local(c->kind, &c->addr);
}

#endif

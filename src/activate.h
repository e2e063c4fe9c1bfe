/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which descriptors are the client's, and who the client is (INTERFACE section 1). */
#ifndef ACTIVATE_H
#define ACTIVATE_H

#include "rules/rules.h"
#include "wire/addr.h"

#include <stdbool.h>

struct client {
	int in, out;	/* the same for a socket */
	bool is_socket; /* one connected stream socket both ways */
	bool is_tcp;	/* of IPv4 or IPv6 */
	bool owns_fd2;	/* descriptor 2 is the client's too, or there is none */
	enum client_kind kind;
	union endpoint addr;	/* the client's, mapped IPv4 taken apart; AF_UNSPEC: none */
	union endpoint reached; /* our address that it reached; AF_UNSPEC: not known (yet) */
};

enum activation {
	ACTIVATION_OK,
	ACTIVATION_GONE,    /* the client has left already: nothing to serve */
	ACTIVATION_REFUSED, /* not something that can be served; a matter of usage */
	ACTIVATION_FAILED,  /* the kernel does not tell who or what it is: nobody to be trusted */
};

/*
 * Finds the descriptors: 3 where LISTEN_PID and LISTEN_FDS say so, else 0 and 1. fd2 is judged
 * first, whatever the outcome, so that the reason can be told. *why gets words for a refusal or a
 * failure.
 */
enum activation activate(struct client *ret, const char **why);

/*
 * Before serving: descriptor 2 is a second name for the client's pipe no more, which would keep the
 * pipe's end from him.
 */
void activate_let_go(const struct client *c);

/* True if this environment hands over descriptor 3 (close_range spares it then). */
bool activate_by_environment(void);

/* Loopback, unix socket or pipe. */
bool client_is_local(const struct client *c);

#endif

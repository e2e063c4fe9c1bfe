/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which descriptors are the client's, and who the client is (INTERFACE section 1). */
#ifndef ACTIVATE_H
#define ACTIVATE_H

#include "client.h"

#include <stdbool.h>

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

#endif

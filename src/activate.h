/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the client's descriptors, and who the client is; see picosocks5(8), ENVIRONMENT. */
#ifndef ACTIVATE_H
#define ACTIVATE_H

#include "client.h"

#include <stdbool.h>

enum activation {
	ACTIVATION_OK,
	ACTIVATION_GONE,    /* the client has left already: there is nobody to serve */
	ACTIVATION_REFUSED, /* the descriptors are not one connection: a mistake of usage */
	ACTIVATION_FAILED,  /* the kernel could not say what the descriptors are: trust nobody */
};

/*
 * Finds the descriptors: 3 if LISTEN_PID and LISTEN_FDS say so, else 0 and 1. Fills owns_fd2 in any
 * case, so that the caller knows where it may report a refusal. Fills *why, in words, for a refusal
 * or a failure.
 */
enum activation activate(struct client *ret, const char **why);

/*
 * Call it before serving: if stderr is the client's pipe, replaces it, because the client would
 * never see the end of file while stderr holds the pipe open.
 */
void activate_let_go(const struct client *c);

/* Returns true if the environment hands over descriptor 3, which must stay open then. */
bool activate_by_environment(void);

#endif

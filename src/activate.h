/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the client's descriptors, and who the client is; see picosocks5(8), ENVIRONMENT. */
#ifndef ACTIVATE_H
#define ACTIVATE_H

#include "client.h"

#include <stdbool.h>

enum activation {
	ACTIVATION_OK,
	ACTIVATION_GONE,    /* the client has left already */
	ACTIVATION_REFUSED, /* the descriptors are not one connection: a mistake of usage */
	ACTIVATION_FAILED,  /* the descriptors can't be inspected, so the client is not trusted */
};

/*
 * Finds the descriptors, 3 if LISTEN_PID and LISTEN_FDS say so, else 0 and 1, and fills *ret. Fills
 * owns_fd2 in any case, so that the caller knows where it may report a refusal. Sets *why, in
 * words, for a refusal or a failure.
 */
enum activation activate(struct client *ret, const char **why);

/*
 * Replaces stderr if it is the client's pipe, because the client would never see the end of file
 * while stderr holds the pipe open. Call it before serving.
 */
void activate_let_go(const struct client *c);

/* Returns true if the environment hands over descriptor 3, which must stay open then. */
bool activate_by_environment(void);

#endif

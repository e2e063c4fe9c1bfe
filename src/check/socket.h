/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for a unix socket that --check could not connect to. */
#ifndef CHECK_SOCKET_H
#define CHECK_SOCKET_H

#include "options/options.h"

/* Returns true if this negative errno means that nothing listens there: it may come later. */
bool socket_is_absent(int err);

/*
 * Appends that the service's user has no right to the socket, and the remedy: to add this user to
 * the group of `what`, as in the example (like "on Debian") with that group.
 */
void socket_put_no_right(const struct options *o, const char *what, const char *example,
			 const char *group, struct text *t);

#endif

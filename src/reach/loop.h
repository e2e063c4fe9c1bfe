/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a parent is this proxy itself, so that the connection would come back for ever. */
#ifndef REACH_LOOP_H
#define REACH_LOOP_H

#include "session.h"

/*
 * Returns true if the client has reached this port of this host: at the same address, or at another
 * one, because the listener may serve all of them. Call reached_find() before.
 */
bool loop_is_address(const struct session *s, const union endpoint *addr);

/* Returns true if this unix socket is connected to the listener that the client is connected to. */
bool loop_is_socket(const struct session *s, int fd);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The address of this host that the client has connected to. */
#ifndef NET_REACHED_H
#define NET_REACHED_H

#include "client.h"

/* Fills reached from a TCP socket, unless it is set already. BIND, UDP and routes need it. */
void reached_find(struct client *c);

#endif

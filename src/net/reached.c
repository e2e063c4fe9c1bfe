/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the kernel which address of this host the client has reached. */
#include "net/reached.h"

#include <sys/socket.h>

void reached_find(struct client *c)
{
	union {
		struct sockaddr_storage storage;
		union endpoint addr;
	} own;
	socklen_t len = sizeof(own);

	if (!c->stream.is_tcp || c->paired || c->reached.sa.sa_family != AF_UNSPEC ||
	    getsockname(c->stream.in, (struct sockaddr *)&own, &len) < 0)
		return;
	c->reached = own.addr;
	addr_unmap(&c->reached);
}

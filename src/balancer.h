/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PROXY protocol: who the client behind a load balancer is (--proxy-protocol). */
#ifndef BALANCER_H
#define BALANCER_H

#include "session.h"

/*
 * If the peer is a load balancer, reads its PROXY header (version 1 or 2) and replaces the peer's
 * address by the client's; if the header names no client, the client is CLIENT_UNKNOWN. Reads
 * nothing from any other peer. Ends the session if the header is missing, malformed or late.
 */
void balancer_header(struct session *s);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PROXY protocol: who the client behind a load balancer is (--proxy-protocol). */
#ifndef BALANCER_H
#define BALANCER_H

#include "session.h"

/*
 * If the peer is a load balancer, reads its PROXY header (version 1 or 2) and puts the client in
 * the peer's place; one of whom the header tells nothing becomes CLIENT_UNKNOWN. From any other
 * peer nothing is read. Ends the session if the header is missing, malformed or late.
 */
void balancer_header(struct session *s);

#endif

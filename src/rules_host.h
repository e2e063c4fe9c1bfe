/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pure rules need from outside: memory, service names, list files, our addresses. */
#ifndef RULES_HOST_H
#define RULES_HOST_H

#include "policy/rules.h"

extern const struct rules_host rules_host;

/*
 * Is this an address of this host? A datagram socket connected to an address of our own has that
 * address as its source; nothing is sent. As struct rules_query wants it.
 */
int rules_host_is_self(const union endpoint *addr);

#endif

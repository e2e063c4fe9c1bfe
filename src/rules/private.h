/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells whether remote clients may reach private networks although no rule says so. For --check. */
#ifndef RULES_PRIVATE_H
#define RULES_PRIVATE_H

#include "rules/rules.h"

/*
 * Returns true if clients outside of private networks may reach private ones, and no rule says
 * whether they should. *ret is the first allow rule that lets them. If there are no rules, so that
 * authenticated users may go anywhere, its .text is NULL. users: clients can be authenticated.
 */
bool rules_open_private(const struct rules *rules, bool users, struct rules_where *ret);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* May remote clients reach private networks although nobody has said so? For --check. */
#ifndef RULES_PRIVATE_H
#define RULES_PRIVATE_H

#include "rules/rules.h"

/*
 * Returns true if clients outside of private networks may reach private ones, and no rule says
 * whether they should. *ret is the first allow rule that lets them; or its .text is NULL, if there
 * are no rules, so that authenticated users may go anywhere. users: clients can be authenticated.
 */
bool rules_open_private(const struct rules *rules, bool users, struct rules_where *ret);

#endif

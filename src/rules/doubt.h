/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in rules that are legal and were probably meant otherwise, for --check. */
#ifndef RULES_DOUBT_H
#define RULES_DOUBT_H

#include "rules/items.h"

/*
 * Calls warn() for each word of the rule that is a host or a user and resembles a group or an
 * address, and for 0.0.0.0 and :: where they match nothing. words is valid during the call.
 */
void rules_doubt(const struct rule *rule, void (*warn)(void *ctx, const char *words), void *ctx);

#endif

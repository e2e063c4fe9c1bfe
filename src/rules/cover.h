/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares one rule with another, and tells how much a section holds. For rules/ alone. */
#ifndef RULES_COVER_H
#define RULES_COVER_H

#include "rules/table.h"

/*
 * Says whether `by`, which comes before the rule, matches everything that the rule could match.
 * Returns false if that is not cheap to find out. An allow rule does not cover special
 * destinations.
 */
bool rule_is_covered(const struct rule *rule, const struct rule *by);

/* Says whether the `from` or `to` holds the group `any`. */
bool section_is_any(const struct rule *rule, const struct section *section);

/* Says whether it holds `any`, or a NET that is all of IPv4 or of IPv6. */
bool section_is_everybody(const struct rule *rule, const struct section *section);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares two rules, and tells whether a section holds everything. For rules/ alone. */
#ifndef RULES_COVER_H
#define RULES_COVER_H

#include "rules/table.h"

/*
 * Returns true if `by`, which comes before the rule, matches everything that the rule could match.
 * Returns false also if that is not cheap to find out. An allow rule does not cover special
 * destinations.
 */
bool rule_is_covered(const struct rule *rule, const struct rule *by);

/* Returns true if this section, a `from` or a `to`, holds the group `any`. */
bool section_is_any(const struct rule *rule, const struct section *section);

/* Returns true if it holds `any`, `literal`, or a NET that is all of IPv4 or of IPv6. */
bool section_is_everybody(const struct rule *rule, const struct section *section);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one rule takes from another. For rules/ alone.
 */
#ifndef RULES_COVER_H
#define RULES_COVER_H

#include "rules/table.h"

/*
 * Does `by`, standing before the rule, match whatever it could match? false where that is not
 * cheap to tell. An allow rule is not taken to cover special destinations.
 */
bool rule_is_covered(const struct rule *rule, const struct rule *by);

/* Has the `from` or `to` the group any? */
bool section_is_any(const struct rule *rule, const struct section *section);

/* The same, or all of IPv4 or of IPv6. */
bool section_is_everybody(const struct rule *rule, const struct section *section);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --check looks at beyond reading the options: what a serving process finds out too late. */
#ifndef CHECK_FINDINGS_H
#define CHECK_FINDINGS_H

#include "options/options.h"

/*
 * Reads the whole users file. Reports each line that lets nobody in as a mistake, and what is legal
 * and probably not meant as a warning. Returns 0, or 78 (EX_CONFIG) if there was a mistake.
 */
int check_users(const struct options *o, options_report *report, void *ctx);

/* Reports settings that do less or more than they seem to, as warnings. */
void check_settings(const struct options *o, options_report *report, void *ctx);

/* Reports what the access rules permit and probably don't mean, as warnings. */
void check_rules(const struct options *o, options_report *report, void *ctx);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the access rules, which do no I/O, get from outside: memory, service names, list files. */
#ifndef OPTIONS_RULES_HOST_H
#define OPTIONS_RULES_HOST_H

#include "rules/rules.h"

extern const struct rules_host rules_host;

#endif

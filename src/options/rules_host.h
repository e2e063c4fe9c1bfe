/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives the access rules, which do no I/O, their memory, service names and list files. */
#ifndef OPTIONS_RULES_HOST_H
#define OPTIONS_RULES_HOST_H

#include "rules/rules.h"

extern const struct rules_host rules_host;

#endif

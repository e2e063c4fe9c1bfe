/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last line of --check, if it found no mistake. */
#ifndef CHECK_VERDICT_H
#define CHECK_VERDICT_H

#include "base/text.h"

#include <stdint.h>

struct verdict {
	const char *config; /* the first file that the command line names; NULL: none */
	unsigned configs;   /* the number of such files */
	long users;	    /* users that can log in; negative: there is no users file */
	uint32_t rules;
	unsigned warnings;
};

/* Appends the verdict, like "FILE: fine, 3 users, 5 rules, 1 warning". */
void verdict_format(const struct verdict *verdict, struct text *t);

#endif

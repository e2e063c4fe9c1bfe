/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is being served: the titles of the processes. */
#ifndef REPORT_NOW_H
#define REPORT_NOW_H

#include "report/output.h"

#include <stdio.h>

/*
 * Lists the sessions of this moment, the oldest first, as a table, as JSON or as CSV. Returns 0, or
 * an exit status after a message on standard error: 71 (EX_OSERR).
 */
int now_list(FILE *out, enum asked_output form, const struct output_terminal *t);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a report goes: standard output, or a file that is replaced in one step. */
#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H

#include "report/asked.h"

#include <stdio.h>

/*
 * Writes the report in the form that is asked for. Returns 0, or an exit status after a message on
 * standard error: those of write_finish() and replace_begin(), replace_end().
 */
int write_report(const struct book *b, const struct asked *a);

/* Does the same with the sessions of this moment. */
int write_now(const struct asked *a);

/*
 * Sees that all that was written to standard output arrived. Returns 0, or 74 (EX_IOERR) after a
 * message on standard error.
 */
int write_finish(FILE *out);

#endif

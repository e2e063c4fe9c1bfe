/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a report goes: standard output, or a file that is replaced in one step. */
#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H

#include "report/asked.h"

/*
 * Writes the report in the form that is asked for. A file is written beside the old one and
 * renamed, so who reads it sees all of the old one or all of the new one; it is readable by all
 * (0644, less the umask). Returns 0, or an exit status after a message on standard error: 73
 * (EX_CANTCREAT) for a file that can't be made, 74 (EX_IOERR) for output that can't be written.
 */
int write_report(const struct book *b, const struct asked *a);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge_report.h - checks what picosocks5-report writes of a book. */
#ifndef JUDGE_REPORT_H
#define JUDGE_REPORT_H

#include "report/asked.h"

/* Writes the book, which is closed, in every form, and ends the process if one is malformed. */
void judge_report(const struct book *b, const struct asked *a);

#endif

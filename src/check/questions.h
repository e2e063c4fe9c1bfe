/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of questions with the answers expected: a policy's own test suite. */
#ifndef CHECK_QUESTIONS_H
#define CHECK_QUESTIONS_H

#include "client.h"
#include "options/options.h"

/*
 * Asks the questions in the file o->questions. Unless `quiet` is set, prints a line on standard
 * output for each answer that is not the expected one, and the result. Reports lines that can't be
 * read to options_report_to_log(), and goes on. Returns 0 if all answers are as expected; 1 if one
 * is not; 64 (EX_USAGE) if a line can't be read or there is no question; 78 (EX_CONFIG) if the file
 * can't be read.
 */
int questions_run(const struct options *o, struct client *client, bool quiet);

#endif

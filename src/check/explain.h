/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --explain: answers a question about the rules, or a file of questions. */
#ifndef CHECK_EXPLAIN_H
#define CHECK_EXPLAIN_H

#include "client.h"
#include "options/options.h"

/*
 * Prints the answer to o->question, or the result of o->questions, on standard output, unless that
 * is a client's socket. Returns the exit status: 0 if the answer is yes, or all answers are as
 * expected; 1 if not; 64 (EX_USAGE) for a line that can't be read; 78 (EX_CONFIG) for a file that
 * can't be read; 71 (EX_OSERR) if the answer can't be written.
 */
int explain(const struct options *o, struct client *client);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --explain: which access rule decides a question, and why. */
#ifndef CHECK_EXPLAIN_H
#define CHECK_EXPLAIN_H

#include "options/options.h"

/*
 * Prints the answer to o->question on standard output, one line for each address that the
 * destination has. Looks names up. Returns 0, or -EIO if the answer can't be written.
 */
int explain(const struct options *o);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --explain: which rule decides a question, and why. Serves nobody. */
#ifndef CHECK_EXPLAIN_H
#define CHECK_EXPLAIN_H

#include "options/options.h"

/*
 * Prints the answer to o->question on standard output, a line for each address that the destination
 * has; names are looked up. Returns 0, or -EIO where it can't be written.
 */
int explain(const struct options *o);

#endif

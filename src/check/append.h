/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the line that --hash makes. */
#ifndef CHECK_APPEND_H
#define CHECK_APPEND_H

#include "base/text.h"

/*
 * Writes NAME:HASH and a newline to standard output, and closes it. buf is where the line is put
 * together; the caller wipes it. If standard output appends to a file whose last line lacks its
 * newline, first writes this newline. Returns 0, or a negative errno.
 */
int append_line(const char *name, const char *hash, struct text *buf);

#endif

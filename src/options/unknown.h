/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to say about an option that does not exist, and about an argument that is no option. */
#ifndef OPTIONS_UNKNOWN_H
#define OPTIONS_UNKNOWN_H

#include "base/cold.h"
#include "base/text.h"

#include <stdbool.h>

/*
 * Appends a message about an unknown option: its name as written, and the nearest option there is,
 * the answer to an option of another server, or where to look. in_file: from a configuration file,
 * where names have no dashes.
 */
COLD_CODE void unknown_option(struct text *t, const char *written, bool in_file);

/* Appends a message about an argument of the command line that is neither an option nor a value. */
COLD_CODE void unknown_argument(struct text *t, const char *argument);

/* ---- foreign.c ---- */

/*
 * Returns what to say about the option of another server that has this name, without dashes: text
 * in which each % stands for the dashes of ours; or NULL. Letters have their case, words don't.
 */
COLD_CODE const char *foreign_answer(const char *name, size_t len);

#endif

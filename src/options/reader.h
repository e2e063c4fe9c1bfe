/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader of the command line and the reader of config files share. */
#ifndef OPTIONS_READER_H
#define OPTIONS_READER_H

#include "options/table.h"

/* Includes may be nested this deep (INTERFACE section 2). */
enum { CONFIG_DEPTH_MAX = 8 };

struct option_reader {
	struct options *o;
	options_report *report;
	void *ctx;
	int status; /* of the first mistake */
	unsigned depth;
};

/* Reports a mistake at origin: "FILE:LINE: NAME: WHY" or "--NAME: WHY"; name may be NULL. */
void option_mistake(struct option_reader *r, struct origin origin, const char *name,
		    const char *why);

/* Applies one setting; value lives as long as the process. */
void option_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/*
 * Reads a config file. origin is where it is named; a relative path is relative to origin.file.
 */
void config_read(struct option_reader *r, const char *path, struct origin origin);

/* Opens the users file that is named; a mistake if it can't be used. */
void options_open_users(struct option_reader *r);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the readers of the command line and of configuration files. */
#ifndef OPTIONS_READER_H
#define OPTIONS_READER_H

#include "options/table.h"

struct option_reader {
	struct options *o;
	options_report *report;
	void *ctx;
	int status;	/* exit status of the first mistake; 0: none yet */
	unsigned depth; /* of configuration files, as one names the next */
};

/* ---- reader.c ---- */

/* Reports a mistake as "FILE:LINE: NAME: WHY" or "--NAME: WHY"; without NAME if name is NULL. */
void option_mistake(struct option_reader *r, struct origin origin, const char *name,
		    const char *why);

/*
 * Sets one option, except `config`, or reports why it can't be set. The value must last as long as
 * the process.
 */
void option_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- config.c ---- */

/*
 * Sets one option as option_apply() does; for `config`, reads the file and sets the options in it.
 * A relative path begins in the folder of origin.file.
 */
void config_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- users.c ---- */

/* Opens the users file that the options name. Reports a mistake if it can't be used. */
void options_open_users(struct option_reader *r);

#endif

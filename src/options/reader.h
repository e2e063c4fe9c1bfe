/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader of the command line and the reader of config files share. */
#ifndef OPTIONS_READER_H
#define OPTIONS_READER_H

#include "options/table.h"

struct option_reader {
	struct options *o;
	options_report *report;
	void *ctx;
	int status; /* of the first mistake */
	unsigned depth;
};

/* ---- reader.c ---- */

/* Reports a mistake at origin: "FILE:LINE: NAME: WHY" or "--NAME: WHY"; name may be NULL. */
void option_mistake(struct option_reader *r, struct origin origin, const char *name,
		    const char *why);

/* Applies one setting that is not `config`; value lives as long as the process. */
void option_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- config.c ---- */

/*
 * Applies one setting, as option_apply(). `config FILE` is applied by reading the file, setting by
 * setting; a relative path begins in the folder of origin.file.
 */
void config_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- users.c ---- */

/* Opens the users file that is named; a mistake if it can't be used. */
void options_open_users(struct option_reader *r);

#endif

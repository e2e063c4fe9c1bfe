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

/* Appends "FILE:LINE: NAME: " or "--NAME: "; without NAME if name is NULL. */
void option_place(struct text *t, struct origin origin, const char *name);

/* Reports a mistake: its place, as option_place() writes it, and then why. */
void option_mistake(struct option_reader *r, struct origin origin, const char *name,
		    const char *why);

/*
 * Sets one option, except `config`, or reports why it can't be set. The value must last as long as
 * the process.
 */
void option_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- as.c ---- */

/*
 * In a --check by root, takes on the rights of the service's user, so that the kernel answers for
 * that user when files are opened next. Call it when the modes are known, before any file is read.
 * Reports a mistake in --as.
 */
void as_take_rights(struct option_reader *r);

/*
 * Opens the users file as users_open() does. Opens a credential of this process with the rights
 * that --check was started with, because systemd gives the service a copy of its own.
 */
int as_open_users(struct options *o);

/*
 * If err says that --check may not read the file, appends the user and a remedy to the message.
 * Returns true if it did.
 */
bool as_explain(const struct options *o, const char *path, int err, struct text *t);

/* ---- place.c ---- */

/* Begins to remember the place of each option, for options_place(). */
void places_begin(struct options *o);

/* If places are remembered, remembers that the option was set there. */
void place_note(struct options *o, const struct option_row *row, const char *value,
		struct origin origin);

/* ---- config.c ---- */

/*
 * Sets one option as option_apply() does; for `config`, reads the file and sets the options in it.
 * A relative path begins in the folder of origin.file.
 */
void config_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- users.c ---- */

/*
 * Opens the users file that the options name. Reports a mistake if it can't be used; but not for
 * --explain if it is only closed to the user who asks.
 */
void options_open_users(struct option_reader *r);

#endif

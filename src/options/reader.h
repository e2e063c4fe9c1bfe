/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the readers of the command line and of configuration files. */
#ifndef OPTIONS_READER_H
#define OPTIONS_READER_H

#include "base/cold.h"
#include "base/file.h"
#include "options/table.h"

struct option_reader {
	struct options *o;
	options_report *report;
	void *ctx;
	int status;		   /* exit status of the first mistake; 0: none yet */
	unsigned depth;		   /* of configuration files, as one names the next */
	struct file_rights rights; /* of the file that is being read */
	const char *told; /* the last file of which a mistake said that others may read it */
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
 * Opens another file in the same way, to see whether it can be read. Returns a descriptor; or a
 * negative errno, -EINVAL if it is not a regular file.
 */
int as_open_file(const struct options *o, const char *path);

/*
 * If the file is a credential, takes the rights that --check was started with back. Returns the
 * user for as_return_to(), which gives them up again; or -1, with errno.
 */
uid_t as_step_back(const struct options *o, const char *path);
void as_return_to(uid_t user);

/*
 * Appends that a file can't be opened, why, and what to do. Does it as file_explain() and
 * file_remedy() do, but --check names the service's user if that user has no right to the file.
 * Returns true if so, and if the user may enter the file's folder.
 */
COLD_CODE bool as_cannot_open(const struct options *o, const char *path, int err, struct text *t);

/* ---- place.c ---- */

/* Begins to remember the place of each option, for options_place(). */
void places_begin(struct options *o);

/* If places are remembered, remembers that the option was set there. */
void place_note(struct options *o, const struct option_row *row, const char *value,
		struct origin origin);

/* ---- arguments.c ---- */

/* Sets the options of the command line: first the modes, then the others in their order. */
void options_read_arguments(struct option_reader *r, int argc, char **argv);

/* ---- config.c ---- */

/*
 * Sets one option as option_apply() does; for `config`, reads the file and sets the options in it.
 * A relative path begins in the folder of origin.file.
 */
void config_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin);

/* ---- gssapi.c ---- */

/*
 * Finds out which keytab is used, the one that is named or the system's. Reports a mistake if it
 * can't be read; but not for --explain if it is only closed to the user who asks.
 */
void options_find_keytab(struct option_reader *r);

/* ---- route.c ---- */

/*
 * Judges the place of a parent's password, in an option of this name: reports a mistake if it
 * stands on the command line, or in a file that others may read.
 */
void options_check_password(struct option_reader *r, struct origin origin, const char *name);

/*
 * Sets the route of the options: what via says, completed by the others. Reports a rule's route
 * that contradicts them.
 */
void options_complete_route(struct option_reader *r);

/* ---- tls.c ---- */

/* Reports options of TLS, and the method certificate, that lack an option which they need. */
void options_check_tls(struct option_reader *r);

/* ---- users.c ---- */

/*
 * Opens the users file that the options name. Reports a mistake if it can't be used; but not for
 * --explain if it is only closed to the user who asks.
 */
void options_open_users(struct option_reader *r);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file as a file: opened with care, refused if somebody else may write it, and read
 * through for --check. Who may come in is decided in auth/verify.c. Never logs.
 */
#ifndef USERS_OPEN_H
#define USERS_OPEN_H

#include "users/htpasswd.h"

enum users_fault {
	USERS_GOOD,
	USERS_CANT_OPEN,    /* the errno returned says why */
	USERS_NOT_A_FILE,   /* -EINVAL: a directory, a pipe, a device... */
	USERS_OTHERS_OWN,   /* -EPERM: owned by neither root nor the user that we run as */
	USERS_OTHERS_WRITE, /* -EPERM: its group or everybody may write it */
	USERS_OTHERS_READ,  /* a warning: everybody may read it */
};

/*
 * Opens the users file. Returns a descriptor (close-on-exec), with *why USERS_GOOD or the warning
 * USERS_OTHERS_READ; or -errno with the reason in *why.
 */
int users_open(const char *path, enum users_fault *why);

/* What was found, what is expected: for messages. Constant strings. */
const char *users_found(enum users_fault why);
const char *users_expected(enum users_fault why);

/* What --check has to say about a line: the fault, or else the warnings. */
struct users_remark {
	struct htpasswd_line line; /* valid during the call; print its name, never its hash */
	enum htpasswd_fault fault;
	enum pwhash_scheme scheme; /* where fault is _GOOD, _MALFORMED, _UNSUPPORTED */
	size_t first;		   /* _DUPLICATE: the line that counts */
	const char *library;	   /* _UNSUPPORTED: the library that can't be loaded, or NULL */
	bool weak, slow;	   /* see struct pwhash */
	bool blank;		   /* the name begins or ends with a space or a tab */
};
typedef void users_report(void *ctx, const struct users_remark *remark);

/*
 * Reads the whole file and reports each line that is bad or deserves a warning, in order; tries the
 * libraries that the file needs. Returns how many users can be let in, or -errno. Maps memory for
 * the file and its names.
 */
long users_check(int fd, users_report *report, void *ctx);

#endif

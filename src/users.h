/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file as a file: opened with care, refused if somebody else may write it, and read
 * through for --check. Who may come in is decided in auth/verify.c. Never logs.
 */
#ifndef USERS_H
#define USERS_H

#include "policy/htpasswd.h"

enum users_fault {
	USERS_GOOD,
	USERS_CANT_OPEN,     /* the errno returned says why */
	USERS_NOT_A_FILE,    /* -EINVAL: a directory, a pipe, a device... */
	USERS_OTHERS_OWNER,  /* -EPERM: owned by neither root nor the user that we run as */
	USERS_OTHERS_WRITE,  /* -EPERM: its group or all may write it */
	USERS_OTHERS_READ,   /* a warning: all may read it */
};

/*
 * Opens the users file. Returns a descriptor (close-on-exec), with *why USERS_GOOD or the warning
 * USERS_OTHERS_READ; or -errno with the reason in *why.
 */
int users_open(const char *path, enum users_fault *why);

/* What was found, and the remedy ("chmod go-w FILE"), for a message; constant strings. */
const char *users_found(enum users_fault why);
const char *users_remedy(enum users_fault why);

/* What --check has to say about one line. */
struct users_remark {
	size_t number;
	struct htpasswd_line line; /* valid during the call; print its name, never its hash */
	enum htpasswd_fault fault; /* HTPASSWD_GOOD: a warning only */
	struct pwhash hash;	   /* of a good or malformed line: scheme, weak, slow */
	size_t first;		   /* HTPASSWD_DUPLICATE: the line that counts */
	bool unsupported;	   /* this system or build can't compute the scheme */
};
typedef void users_remark_fn(void *arg, const struct users_remark *remark);

/*
 * Reads the whole file and calls report once for each line that is bad, weak, slow or unsupported,
 * in order. Loads the libraries that the file needs. Returns how many lines can be used, or
 * -errno. Allocates.
 */
long users_check(int fd, users_remark_fn *report, void *arg);

#endif

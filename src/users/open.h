/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opens the users file, and refuses one that another user may write. Reads nothing of it:
 * users/verify.h checks passwords.
 */
#ifndef USERS_OPEN_H
#define USERS_OPEN_H

#include "users/htpasswd.h"

enum users_fault {
	USERS_GOOD,
	USERS_CANT_OPEN,    /* the errno that was returned says why */
	USERS_NOT_A_FILE,   /* -EINVAL: a directory, a pipe, a device... */
	USERS_OTHERS_OWN,   /* -EPERM: owned by neither root nor the user of this process */
	USERS_OTHERS_WRITE, /* -EPERM: its group or everybody may write to it */
	USERS_OTHERS_READ,  /* a warning: everybody may read it */
};

/*
 * Opens the users file. Returns a descriptor (close-on-exec), and sets *why to USERS_GOOD or to the
 * warning USERS_OTHERS_READ; or returns a negative errno, and sets *why to the reason.
 */
int users_open(const char *path, enum users_fault *why);

/* Returns what is wrong and what to do about it, for messages. A constant string. */
const char *users_explain(enum users_fault why);

#endif

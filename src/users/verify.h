/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is this the password of this user? Reads the users file, judges the user's line, computes,
 * compares in constant time, wipes. Never logs, keeps no state; may run in a thread with a small
 * stack (64 KiB are plenty) and be abandoned at any point by the end of the process.
 */
#ifndef USERS_VERIFY_H
#define USERS_VERIFY_H

#include "users/htpasswd.h"

enum verify_why {
	VERIFY_MATCH,
	VERIFY_UNKNOWN,	 /* no line has that name, or none could have it */
	VERIFY_WRONG,	 /* the password is another */
	VERIFY_UNFIT,	 /* the password is empty, has a NUL, or is too long for the scheme */
	VERIFY_BAD_LINE, /* the user's line can't be used: say so with its number */
	VERIFY_FAILED,	 /* the system failed us, as the returned errno says */
};

struct verify_result {
	enum verify_why why;
	enum htpasswd_fault fault; /* BAD_LINE: what is wrong with it */
	size_t line;		   /* of the user, from 1; 0: he has none */
	const char *library;	   /* FAILED: the one that can't be loaded, or NULL */
};

/*
 * 1: it is. 0: it isn't, and ret->why says how. -errno: that can't be said, which lets nobody in
 * either: -EIO and the like from the file, -ENOMEM, -ELIBACC for ret->library.
 *
 * fd is the users file, read with pread(2): always to its end, and whatever is wrong with name,
 * line or password, a hash is computed, of the user's line if that can be used, else of the file's
 * first line that can. So neither the user's place in the file nor his absence shows in the time.
 * The caller wipes name and passwd.
 */
int verify_password(int fd, const char *name, size_t namelen, const char *passwd, size_t passlen,
		    struct verify_result *ret);

/*
 * 0: hashes of that scheme can be computed here; -errno as above, or -ENOSYS: this system or this
 * build doesn't know the scheme. Loads the library that it needs, and tries it.
 */
int verify_scheme(enum pwhash_scheme scheme, const char **library);

#endif

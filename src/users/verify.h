/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verifies a user's password: reads the users file, judges the user's line, computes the hash,
 * compares it in constant time, and wipes what was secret. Never logs, and keeps no state. It may
 * run in a thread with a small stack (64 KiB are plenty), and the process may end at any point.
 */
#ifndef USERS_VERIFY_H
#define USERS_VERIFY_H

#include "users/htpasswd.h"

enum verify_why {
	VERIFY_MATCH,
	VERIFY_UNKNOWN,	 /* no line has that name, or no line could have it */
	VERIFY_WRONG,	 /* the password is wrong */
	VERIFY_UNFIT,	 /* the password is empty, has a NUL, or is too long for the scheme */
	VERIFY_BAD_LINE, /* the user's line can't be used: log its number and the fault */
	VERIFY_FAILED,	 /* the system failed, as the returned errno says */
};

struct verify_result {
	enum verify_why why;
	enum htpasswd_fault fault; /* BAD_LINE: the fault of the line */
	size_t line;		   /* of the user, from 1; 0: there is none */
	const char *library;	   /* FAILED: the library that can't be loaded, or NULL */
};

/*
 * Returns 1 if the password matches; 0 if it does not (ret->why has the reason); or a negative
 * errno if it could not be checked, which does not let the user in either: -EIO and the like from
 * the file, -ENOMEM, or -ELIBACC for ret->library.
 *
 * fd is the users file. It is always read to its end, with pread(2). A hash is computed whatever is
 * wrong with the name, the line or the password: that of the user's line, or, if it can't be used,
 * that of the first line that can. So the time taken tells neither where the user's line is nor
 * whether there is one. The caller wipes name and passwd.
 */
int verify_password(int fd, const char *name, size_t namelen, const char *passwd, size_t passlen,
		    struct verify_result *ret);

/*
 * Loads the library that the scheme needs, and tries it. Returns 0 if hashes of that scheme can be
 * computed here; -ENOSYS if this system or this build does not know the scheme; -ENOMEM; or
 * -ELIBACC if *library can't be loaded.
 */
int verify_scheme(enum pwhash_scheme scheme, const char **library);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is this the password of this user? Reads the users file, judges the user's line, computes,
 * compares in constant time, wipes. Never logs, has no state of its own; may run in a thread with
 * a small stack (64 KiB are plenty), and may be abandoned at any point by ending the process.
 */
#ifndef AUTH_VERIFY_H
#define AUTH_VERIFY_H

#include "policy/htpasswd.h"

enum verify_why {
	VERIFY_MATCH,
	VERIFY_UNKNOWN,	 /* no line has that name, or no line could have it */
	VERIFY_WRONG,	 /* the password is another */
	VERIFY_UNFIT,	 /* a password that is empty, has a NUL, or is too long for its scheme */
	VERIFY_BAD_LINE, /* the user's line can't be used: say so with its number */
	VERIFY_FAILED,	 /* the system failed us, as the returned errno says */
};

struct verdict {
	enum verify_why why;
	enum htpasswd_fault fault; /* BAD_LINE: what is wrong with it */
	size_t line;		   /* BAD_LINE: its number, from 1 */
	const char *library;	   /* FAILED: the one that is missing, or NULL */
};

/*
 * 1: it is; 0: it isn't, ret->why says how; -errno: it can't be said, which lets nobody in either:
 * -EIO and the like from the file, -ENOMEM, -ELIBACC or -ENOSYS for a library, -ENOTSUP for a
 * scheme that the system's crypt(3) does not know. fd is the users file, read with pread(2) from
 * its beginning to its end: always whole, so that neither a user's place in it nor his absence
 * shows in the time taken. Whatever is wrong with name, line or password, a hash is computed: of
 * the user's line if that is usable, else of the file's first usable line. The caller wipes name
 * and passwd.
 */
int verify_password(int fd, const char *name, size_t namelen, const char *passwd, size_t passlen,
		    struct verdict *ret);

#endif
